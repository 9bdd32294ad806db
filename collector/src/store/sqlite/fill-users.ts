import { certaintyOf } from '../../counting/band.js';
import { UNKNOWN, USER_DIMENSIONS } from '../../counting/dimensions.js';
import type { Database } from '../../sqlite/database.js';
import { createDictionary } from './dictionary.js';
import { readUsers } from './read-users.js';
import { rebuildRollups } from './rebuild-rollups.js';
import { createUsersTable } from './users-table.js';

/**
 * Gives users of a time when only the newest system and version were kept these on all their days,
 * and counts from them what is counted ahead.
 */
export function fillUsers(db: Database): void {
  const dictionary = createDictionary(db);
  const users = createUsersTable(db);
  for (const { projectId, uid, state } of readUsers(db)) {
    const values = USER_DIMENSIONS.map((name) => {
      if (name === 'os' || name === 'version') return state[name];
      const value = name === 'certainty' ? certaintyOf(state) : UNKNOWN;
      return dictionary.valueId(projectId, name, value);
    });
    users.write(projectId, uid, { ...state, runs: [{ lastDay: state.lastDay, values }] });
  }
  rebuildRollups(db);
}
