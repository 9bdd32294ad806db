import { counts } from './0001-counts.js';
import { tombstones } from './0002-tombstones.js';

/** Every change of the schema, in order. A published one never changes again. */
export const MIGRATIONS: readonly string[] = [counts, tombstones];
