import { Type, type Static } from 'typebox';
import { DAY_MS, dayOf, DEFAULT_ZONE } from '../counting/day.js';
import { REMEMBERED_DAYS, TOMBSTONE_DAYS, type UserRecord } from '../store/store.js';

const day = Type.String({ format: 'date' });
const instant = Type.String({ format: 'date-time' });
const nullable = (schema: typeof day) => Type.Union([schema, Type.Null()]);

/** The answer to `GET /v1/users/{anonymous_id}`: all the collector holds of one ID in a project. */
export const ownRecordSchema = Type.Object(
  {
    project: Type.String(),
    first_day: nullable(day),
    last_day: nullable(day),
    first_seen: nullable(instant),
    last_seen: nullable(instant),
    active_days: Type.Array(day, {
      description: 'In UTC; the last 64 days that end with last_day',
    }),
    total_reports: Type.Integer({ minimum: 0 }),
    facts: Type.Record(Type.String(), Type.Union([Type.String(), Type.Boolean()]), {
      description: 'What the newest report said',
    }),
    deleted_at: nullable(instant),
    kept: Type.Array(
      Type.Object(
        { what: Type.String(), where: Type.String(), how_long: Type.String() },
        { additionalProperties: false },
      ),
    ),
    as_of: Type.String({
      format: 'date-time',
      description: 'Every report acknowledged before this moment is in it',
    }),
  },
  { additionalProperties: false },
);

/** What is kept in general, and for how long. */
const KEPT: Static<typeof ownRecordSchema>['kept'] = [
  {
    what: 'What this answer shows, under a keyed hash of the ID; the ID itself is stored nowhere',
    where: 'counts.db in the data folder',
    how_long: 'Until it is deleted',
  },
  {
    what: 'Reports that are not counted yet, under the same hash',
    where: 'journal.db in the data folder',
    how_long: 'Until they are counted, which takes less than a second where nothing is broken',
  },
  {
    what: 'The random report_id of each report, without a user, so that none counts twice',
    where: 'counts.db in the data folder',
    how_long: `${REMEMBERED_DAYS} days`,
  },
  {
    what: 'After a deletion, its moment, under the same hash, so that late reports do not undo it',
    where: 'counts.db in the data folder',
    how_long: `${TOMBSTONE_DAYS} days`,
  },
  {
    what: 'How many reports came in on a day and what was put right in them, without a user',
    where: 'counts.db in the data folder',
    how_long: 'For ever',
  },
];

/** The record as it is shown to whoever holds the ID; one that is empty looks like any other. */
export function toOwnRecord(
  project: string,
  { counted, deletedAt }: UserRecord,
  asOf: Date,
): Static<typeof ownRecordSchema> {
  const general = {
    project,
    deleted_at: deletedAt === null ? null : new Date(deletedAt).toISOString(),
    kept: KEPT,
    as_of: asOf.toISOString(),
  };
  if (counted === null) {
    return {
      ...general,
      first_day: null,
      last_day: null,
      first_seen: null,
      last_seen: null,
      active_days: [],
      total_reports: 0,
      facts: {},
    };
  }
  const { firstSeen, lastSeen, days, reports, dimensions, ci, idSource, idPersisted } = counted;
  return {
    ...general,
    first_day: toDate(dayOf(firstSeen, DEFAULT_ZONE)),
    last_day: toDate(days.at(-1) ?? dayOf(lastSeen, DEFAULT_ZONE)),
    first_seen: new Date(firstSeen).toISOString(),
    last_seen: new Date(lastSeen).toISOString(),
    active_days: days.map(toDate),
    total_reports: reports,
    facts: {
      ...dimensions,
      ci,
      ...(idSource !== null && { id_source: idSource }),
      ...(idPersisted !== null && { id_persisted: idPersisted }),
    },
  };
}

function toDate(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}
