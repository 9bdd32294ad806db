import { Type } from 'typebox';
import { dateOfDay, DAY_MS, dayOf, type Zone } from '../rules/day.js';
import { isOfReports } from '../rules/dimensions.js';
import type { CountsReader } from './define-question.js';
import type { Unit } from './parameters.js';

/** The member of answers about people by events, fields and countries. */
export const saidSinceMember = {
  people_since: Type.Optional(
    Type.Union([Type.String({ format: 'date' }), Type.Null()], {
      description:
        'Only there if earlier days are asked for: the first whole day on which people were counted by ' +
        'events and fields, or by country. Of the days before it is not known who reported what, or ' +
        'from where. null: no country was looked up yet',
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
  store: Pick<CountsReader, 'saidSince' | 'countrySince'>,
  { dimension, unit, from, zone }: DimensionAsked,
): Promise<{ readonly people_since?: string | null }> {
  if (unit !== 'people') return {};
  if (dimension === 'country') {
    const day = await store.countrySince();
    // It began at the latest when that day ended.
    return day === null
      ? { people_since: null }
      : sayFirst(dayOf((day + 1) * DAY_MS - 1, zone) + 1, from);
  }
  const since = isOfReports(dimension) ? await store.saidSince() : null;
  return since === null ? {} : sayFirst(dayOf(since, zone) + 1, from);
}

const sayFirst = (first: number, from: number): { readonly people_since?: string } =>
  from < first ? { people_since: dateOfDay(first) } : {};
