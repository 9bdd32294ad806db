import { activeDays } from '../../../rules/activity-bits.js';
import type { SaidValues } from '../../../rules/said-values.js';
import type { Database } from '../../../sqlite/database.js';
import type { SaidValue } from '../../questions.js';

/** Prepares naming what a user said, in the order of dimensions and values. */
export function prepareSaidDays(db: Database): (said: SaidValues<number>) => SaidValue[] {
  // A value that gave its place up counts as `other`, or as nothing.
  const find = db.prepare<Omit<SaidValue, 'days'>>(
    `SELECT dim AS dimension, value FROM dims
     WHERE id = coalesce((SELECT other_id FROM given_up WHERE value_id = ?1), ?1)`,
  );
  return (said) => {
    const found = new Map<string, SaidValue>();
    for (const [id, days] of said) {
      const one = find.get([id]);
      if (one === undefined) continue;
      const key = `${one.dimension}\n${one.value}`;
      const all = new Set([...(found.get(key)?.days ?? []), ...activeDays(days)]);
      found.set(key, { ...one, days: [...all].sort((a, b) => a - b) });
    }
    return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
  };
}
