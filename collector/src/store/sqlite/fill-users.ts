import { certaintyOf } from '../../counting/band.js';
import { UNKNOWN, USER_DIMENSIONS } from '../../counting/dimensions.js';
import type { Database } from '../../sqlite/database.js';
import { createDictionary } from './dictionary.js';
import { readUsers } from './read-users.js';
import { rebuildRollups } from './rebuild-rollups.js';
import { createUsersTable } from './users-table.js';

/** How often the users are read. */
const PASSES = 2;

/**
 * Gives users of a time when only the newest system and version were kept these on all their days,
 * and counts from them what is counted ahead.
 */
export function fillUsers(db: Database, onProgress: (share: number) => void): void {
  const total = db.prepare<{ n: number }>('SELECT count(*) AS n FROM users').get()?.n ?? 0;
  const tell = (passes: number) => (done: number) =>
    onProgress((passes + done / Math.max(1, total)) / PASSES);
  const dictionary = createDictionary(db);
  const users = createUsersTable(db);
  for (const { projectId, uid, state } of readUsers(db, tell(0))) {
    const values = USER_DIMENSIONS.map((name) => {
      if (name === 'os' || name === 'version') return state[name];
      const value = name === 'certainty' ? certaintyOf(state) : UNKNOWN;
      return dictionary.valueId(projectId, name, value);
    });
    users.write(projectId, uid, { ...state, runs: [{ lastDay: state.lastDay, values }] });
  }
  rebuildRollups(db, tell(1));
}
