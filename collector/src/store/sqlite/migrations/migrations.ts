import type { Database } from '../../../sqlite/database.js';
import { fillUsers } from '../fill-users.js';
import { counts } from './0001-counts.js';
import { tombstones } from './0002-tombstones.js';
import { rollups } from './0003-rollups.js';

/** A change of the schema. */
export interface Migration {
  readonly sql: string;
  /** What must be moved by rules of the code; runs after the SQL, in the same transaction. */
  readonly move?: (db: Database) => void;
}

/** Every change of the schema, in order. A published one never changes again. */
export const MIGRATIONS: readonly Migration[] = [
  { sql: counts },
  { sql: tombstones },
  { sql: rollups, move: fillUsers },
];
