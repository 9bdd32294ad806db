import { AGE_DIMENSION, AGES } from '../../../rules/age.js';
import type { Database } from '../../../sqlite/database.js';
import { prepareDayRows, type ReadDayRows } from './day-rows.js';
import { IN_SCOPE } from './scope.js';

/** The days with one value of a project. */
export interface ValueRows {
  readonly value: string;
  /** Reads them by gap; see `Tally`. */
  readonly read: (days: Parameters<ReadDayRows>[1], visit: Parameters<ReadDayRows>[2]) => void;
}

const PROJECTS = 'SELECT id FROM projects WHERE ?1 IS NULL OR slug = ?1';

const VALUES = `SELECT id, value FROM dims WHERE ${IN_SCOPE} AND dim = ?2 ORDER BY value`;

/** Gaps of days with a value are below this. */
const VALUE_GAPS = 32;

/** The ages and their places, in the order of their names. */
const NAMED_AGES = [...AGES.entries()].sort(([, a], [, b]) => (a < b ? -1 : 1));

/**
 * Prepares to read people by the values of a dimension, whatever table they are in. They come in the
 * order of the values; projects may have the same value.
 */
export function prepareValueRows(
  db: Database,
): (project: string | null, dimension: string) => ValueRows[] {
  const projects = db.prepare<{ id: number }>(PROJECTS);
  const values = db.prepare<{ id: number; value: string }>(VALUES);
  const gaps = VALUE_GAPS;
  const ofValue = prepareDayRows(db, { table: 'value_gaps', key: ['value_id'], gaps });
  const ofAge = prepareDayRows(db, { table: 'age_gaps', key: ['project_id', 'age'], gaps });
  const agesOf = (project: string | null): ValueRows[] => {
    const ids = projects.all([project]);
    return NAMED_AGES.flatMap(([age, value]) =>
      ids.map(({ id }) => ({ value, read: (days, visit) => ofAge([id, age], days, visit) })),
    );
  };
  return (project, dimension) =>
    dimension === AGE_DIMENSION
      ? agesOf(project)
      : values
          .all([project, dimension])
          .map(({ id, value }) => ({ value, read: (days, visit) => ofValue([id], days, visit) }));
}
