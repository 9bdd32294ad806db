// @ts-check
import { join } from 'node:path';
import Database from 'libsql';
import { anonymousId, factsOf } from './reports.mjs';
import { startServer } from './server-process.mjs';

/**
 * Writes users into the table of a design that would take hours to take them one by one: the rows
 * are those that it would have written.
 *
 * @param {import('./contenders.mjs').Contender} contender
 * @param {string} folder
 * @param {number} users
 */
export async function seedTable(contender, folder, users) {
  const server = await startServer(contender.run(folder));
  await server.stop();
  const db = new Database(join(folder, 'user_stats.db'));
  const insert = db.prepare(
    'INSERT INTO user_stats(anonymous_id, first_seen, last_seen, os, version) VALUES (?, ?, ?, ?, ?)',
  );
  const now = new Date().toISOString();
  db.exec('BEGIN');
  for (let user = 0; user < users; user += 1) {
    const { os, version } = factsOf(user);
    insert.run([anonymousId(user), now, now, os, version]);
  }
  db.exec('COMMIT');
  db.close();
}
