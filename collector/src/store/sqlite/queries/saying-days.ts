import { EVENT_DIMENSION } from '../../../rules/dimensions.js';
import type { Database } from '../../../sqlite/database.js';
import { type SayingDay, TooCostlyError } from '../../questions.js';
import type { Counts } from '../../store.js';
import { IN_SCOPE } from './scope.js';

const OF_REPORTS = `${IN_SCOPE} AND (dim = '${EVENT_DIMENSION}' OR dim GLOB 'field:*')`;

const VALUES = `SELECT count(*) AS n FROM dims WHERE ${OF_REPORTS}`;

// Crossed in this order, so that each value's days are found by the key.
const DAYS = `
  SELECT dim AS dimension, CASE WHEN dim = '${EVENT_DIMENSION}' THEN value END AS value, day,
    sum(n) AS n
  FROM dims CROSS JOIN report_values ON value_id = dims.id
  WHERE ${OF_REPORTS} AND day BETWEEN ?2 AND ?3
  GROUP BY 1, 2, 3 HAVING sum(n) > 0 ORDER BY 1, 2, 3`;

/** Values times days of a question at most. */
const MAX_VALUE_DAYS = 2_000_000;

/** Prepares the question on which days events and fields came. */
export function prepareSayingDays(db: Database): Counts['sayingDays'] {
  const values = db.prepare<{ n: number }>(VALUES);
  const rows = db.prepare<SayingDay>(DAYS);
  return ({ project, from, to }) => {
    const n = values.get([project])?.n ?? 0;
    const days = to - from + 1;
    if (n * days > MAX_VALUE_DAYS) throw new TooCostlyError(n, days);
    return rows.all([project, from, to]);
  };
}
