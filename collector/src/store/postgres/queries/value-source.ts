import { AGE_DIMENSION, AGES } from '../../../rules/age.js';
import { IN_SCOPE } from './scope.js';

/**
 * SQL for rows `value, day, gap, n` of a dimension in parameter 2, of the project in parameter 1:
 * what reports say, or how long people have been known.
 */
export const peopleBy = (dimension: string): string =>
  dimension === AGE_DIMENSION ? BY_AGE : BY_VALUE;

const BY_VALUE = `
  SELECT value, day, gap, n FROM dims JOIN value_gaps USING (project_id, value_id)
  WHERE ${IN_SCOPE} AND dim = $2`;

const NAMED_AGES = AGES.map((name, at) => `(${at}, '${name}')`).join(', ');

const BY_AGE = `
  SELECT name COLLATE "C" AS value, day, gap, n
  FROM age_gaps JOIN (VALUES ${NAMED_AGES}) AS ages(age, name) USING (age)
  WHERE ${IN_SCOPE} AND $2::text IS NOT NULL`;

/** The same for reports. A day of them has no other before it. */
export const REPORTS_BY = `
  SELECT value, day, 0 AS gap, n FROM dims JOIN report_values USING (project_id, value_id)
  WHERE ${IN_SCOPE} AND dim = $2`;
