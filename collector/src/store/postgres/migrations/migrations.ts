import { counts } from './0001-counts.js';
import { rollups } from './0002-rollups.js';
import { cleanings } from './0003-cleanings.js';
import { states } from './0004-states.js';
import { shared } from './0005-shared.js';
import { tombstonesByTime } from './0006-tombstones-by-time.js';
import { sharedRuns } from './0007-shared-runs.js';
import { backlogs } from './0008-backlogs.js';
import type { Migration } from './migration.js';

/** The steps of the schema of a store on PostgreSQL: the place of a step is its version. */
export const MIGRATIONS: readonly Migration[] = [
  { name: 'counts', sql: counts },
  { name: 'rollups', sql: rollups },
  { name: 'cleanings', sql: cleanings },
  { name: 'states', sql: states },
  { name: 'shared', sql: shared },
  tombstonesByTime,
  { name: 'shared runs', sql: sharedRuns },
  { name: 'backlogs', sql: backlogs },
];
