import { randomBytes } from 'node:crypto';
import { inject, onTestFinished } from 'vitest';
import type { AtEnd } from '../../support/temporary-folder.js';
import { run } from './run.js';

/** The address of an empty schema, which is gone after the test. */
export async function temporarySchema(atEnd: AtEnd = onTestFinished): Promise<string> {
  const shared = inject('postgresUrl');
  const name = `t_${randomBytes(6).toString('hex')}`;
  await run(shared, `CREATE SCHEMA ${name}`);
  atEnd(() => run(shared, `DROP SCHEMA ${name} CASCADE`));
  return `${shared}?options=${encodeURIComponent(`-c search_path=${name}`)}`;
}
