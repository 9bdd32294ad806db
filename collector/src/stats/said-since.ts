import { Type } from 'typebox';
import { dateOfDay, dayOf, type Zone } from '../rules/day.js';
import { AGE_DIMENSION } from '../rules/age.js';
import { isOfReports } from '../rules/dimensions.js';
import type { CountsReader } from './define-question.js';
import type { Unit } from './parameters.js';

/** The member of answers about people by events and fields. */
export const saidSinceMember = {
  people_since: Type.Optional(
    Type.String({
      format: 'date',
      description:
        'Only there if earlier days are asked for: the first whole day on which people were counted by ' +
        'events and fields, or by age. Before it is not known who reported what, and of some people ' +
        'not on which days they were active: their counts are lower bounds',
    }),
  ),
};

/**
 * Says from which day on people are counted by what reports say, or by age, if a question reaches
 * further back.
 */
export async function sayIfUnknown(
  store: Pick<CountsReader, 'saidSince' | 'agesSince'>,
  {
    dimension,
    unit,
    from,
    zone,
  }: {
    readonly dimension: string;
    readonly unit: Unit;
    /** The first day that is asked for, numbered since 1970. */
    readonly from: number;
    readonly zone: Zone;
  },
): Promise<{ readonly people_since?: string }> {
  const first = await firstDay();
  return first !== null && from < first ? { people_since: dateOfDay(first) } : {};

  async function firstDay(): Promise<number | null> {
    if (dimension === AGE_DIMENSION) return store.agesSince();
    if (unit !== 'people' || !isOfReports(dimension)) return null;
    const since = await store.saidSince();
    return since === null ? null : dayOf(since, zone) + 1;
  }
}
