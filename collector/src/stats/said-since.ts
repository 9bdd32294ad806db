import { Type } from 'typebox';
import { AGE_DIMENSION } from '../rules/age.js';
import { dateOfDay, DAY_MS, dayOf, type Zone } from '../rules/day.js';
import { COUNTRY_DIMENSION, isOfReports } from '../rules/dimensions.js';
import type { CountsReader } from './define-question.js';
import type { Unit } from './parameters.js';

/** The member of answers about people by events, fields, ages and countries. */
export const saidSinceMember = {
  people_since: Type.Optional(
    Type.Union([Type.String({ format: 'date' }), Type.Null()], {
      description:
        'Only there if earlier days are asked for: the first whole day on which people were counted by ' +
        'events and fields, by age, or by country. Before it is not known who reported what, or from ' +
        'where, and of some people not on which days they were active: their counts are lower bounds. ' +
        'null: no country was looked up yet',
    }),
  ),
};

/** A question about people by a dimension. */
interface DimensionAsked {
  readonly dimension: string;
  readonly unit: Unit;
  /** The first day that is asked for, numbered since 1970. */
  readonly from: number;
  readonly zone: Zone;
}

/** Says from which day on people are counted by a dimension, if a question reaches further back. */
export async function sayIfUnknown(
  store: Pick<CountsReader, 'saidSince' | 'countrySince' | 'agesSince'>,
  { dimension, unit, from, zone }: DimensionAsked,
): Promise<{ readonly people_since?: string | null }> {
  const first = await firstDay();
  if (first === 'none') return { people_since: null };
  return first !== null && from < first ? { people_since: dateOfDay(first) } : {};

  async function firstDay(): Promise<number | 'none' | null> {
    if (dimension === AGE_DIMENSION) return store.agesSince();
    if (dimension === COUNTRY_DIMENSION) {
      const day = await store.countrySince();
      // It began at the latest when that day ended.
      return day === null ? 'none' : dayOf((day + 1) * DAY_MS - 1, zone) + 1;
    }
    if (unit !== 'people' || !isOfReports(dimension)) return null;
    const since = await store.saidSince();
    return since === null ? null : dayOf(since, zone) + 1;
  }
}
