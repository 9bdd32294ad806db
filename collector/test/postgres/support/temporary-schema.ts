import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { inject, onTestFinished } from 'vitest';
import type { AtEnd } from '../../support/temporary-folder.js';

/** The address of an empty schema, which is gone after the test. */
export async function temporarySchema(atEnd: AtEnd = onTestFinished): Promise<string> {
  const shared = inject('postgresUrl');
  const name = `t_${randomBytes(6).toString('hex')}`;
  await run(shared, `CREATE SCHEMA ${name}`);
  atEnd(() => run(shared, `DROP SCHEMA ${name} CASCADE`));
  return `${shared}?options=${encodeURIComponent(`-c search_path=${name}`)}`;
}

/** Runs a statement on a connection of its own. */
export async function run(url: string, sql: string): Promise<void> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
