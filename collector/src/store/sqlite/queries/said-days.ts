import type { SaidValues } from '../../../rules/said-values.js';
import type { Database } from '../../../sqlite/database.js';
import { nameSaid } from '../../answers/name-said.js';
import type { SaidValue } from '../../questions.js';

/** Prepares naming what a user said, in the order of dimensions and values. */
export function prepareSaidDays(db: Database): (said: SaidValues<number>) => SaidValue[] {
  // A value that gave its place up counts as `other`, or as nothing.
  const find = db.prepare<Omit<SaidValue, 'days'>>(
    `SELECT dim AS dimension, value FROM dims
     WHERE id = coalesce((SELECT other_id FROM given_up WHERE value_id = ?1), ?1)`,
  );
  return (said) => nameSaid(said, (id) => find.get([id]));
}
