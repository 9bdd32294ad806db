import { Type } from 'typebox';
import { dateOfDay, dayOf, type Zone } from '../rules/day.js';
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
        'events and fields. Of the days before it is not known who reported what',
    }),
  ),
};

/** Says from which day on people are counted by what reports say, if a question reaches further back. */
export async function sayIfUnknown(
  store: Pick<CountsReader, 'saidSince'>,
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
  if (unit !== 'people' || !isOfReports(dimension)) return {};
  const since = await store.saidSince();
  if (since === null) return {};
  const first = dayOf(since, zone) + 1;
  return from < first ? { people_since: dateOfDay(first) } : {};
}
