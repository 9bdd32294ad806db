import type { Database } from '../../sqlite/database.js';
import { createRollupsTables } from './rollups-tables.js';
import { readUsers } from './read-users.js';

/**
 * Counts anew, from the users, what is counted ahead, as far back as their days are kept. What no
 * user holds (reports, and their values) stays as it is. Use it inside a transaction.
 */
export function rebuildRollups(db: Database, onRead?: (users: number) => void): void {
  for (const table of ['totals', 'latest', 'gaps', 'value_gaps', 'retention']) {
    db.exec(`DELETE FROM ${table}`);
  }
  const rollups = createRollupsTables(db);
  let n = 0;
  for (const { projectId, state } of readUsers(db, onRead)) {
    rollups.user(projectId, undefined, state);
    if (++n % 1000 === 0) rollups.write();
  }
  rollups.write();
}
