import { randomBytes } from 'node:crypto';
import { inject, onTestFinished } from 'vitest';
import { run } from './run.js';

/**
 * The address of an empty database, which is gone after the test. In a schema, the transactions of other
 * tests would keep old rows from being removed.
 */
export async function temporaryDatabase(options = ''): Promise<string> {
  const shared = inject('postgresUrl');
  const name = `t_${randomBytes(6).toString('hex')}`;
  await run(shared, `CREATE DATABASE ${name} ${options}`);
  onTestFinished(() => run(shared, `DROP DATABASE ${name} WITH (FORCE)`));
  const url = new URL(shared);
  url.pathname = `/${name}`;
  return url.href;
}
