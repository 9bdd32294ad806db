import { type Static, Type } from 'typebox';
import { ACTIVITY_DAYS } from '../rules/activity-bits.js';
import { dateOfDay } from '../rules/day.js';
import {
  type Retention,
  RETENTION_CLASSES,
  type RetentionClassName,
} from '../rules/retention-classes.js';
import type { UserRecord } from '../store/questions.js';

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
      description: `By the project’s time zone; of the last ${ACTIVITY_DAYS} days at most`,
    }),
    total_reports: Type.Integer({ minimum: 0 }),
    facts: Type.Record(Type.String(), Type.Union([Type.String(), Type.Boolean()]), {
      description:
        'What the newest report said; of `ci`, whether every report came from a build farm',
    }),
    counted_as: Type.Array(
      Type.Object(
        { until: day, facts: Type.Record(Type.String(), Type.String()) },
        { additionalProperties: false },
      ),
      { description: 'What the ID counts under on its active days, up to and with each `until`' },
    ),
    events: Type.Array(
      Type.Object(
        { dimension: Type.String(), value: Type.String(), days: Type.Array(day) },
        { additionalProperties: false },
      ),
      {
        description:
          'The values of events and of their fields that the ID counts under, and on which days, of ' +
          'the same days at most; those of reports from build farms do not count',
      },
    ),
    reports_lost: Type.Integer({
      minimum: 0,
      description: 'Reports the client says to have dropped before they could be sent',
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
  { additionalProperties: false, description: 'All that is kept' },
);

/** What is stored of users, and of their reports without a user. */
const OF_USERS = [
  'users',
  'activity',
  'journal',
  'keys',
  'tombstones',
  'rollups',
  'totals',
  'quality',
] as const satisfies readonly RetentionClassName[];

/** What is stored of users in general, and for how long. */
export function describeKept(retention: Retention): Static<typeof ownRecordSchema>['kept'] {
  return OF_USERS.map((name) => {
    const { what, at, keeping } = RETENTION_CLASSES[name];
    const [file] = at[0].split('/');
    return {
      what,
      where: `${file} in the data folder`,
      how_long: 'until' in keeping ? keeping.until : sayHowLong(name, retention),
    };
  });
}

function sayHowLong(name: RetentionClassName, retention: Retention): string {
  const days = name in retention ? retention[name as keyof Retention] : null;
  if (name === 'users') {
    return `Until it is deleted${days === null ? '' : `, or ${days} days after the last day`}`;
  }
  return days === null ? 'For ever' : `${days} days`;
}

/** The record as its owner sees it. For the administrator, an unknown ID gives one of the same shape. */
export function toOwnRecord(
  project: string,
  { counted, deletedAt }: UserRecord,
  asOf: Date,
  retention: Retention,
): Static<typeof ownRecordSchema> {
  const general = {
    project,
    deleted_at: deletedAt === null ? null : new Date(deletedAt).toISOString(),
    kept: describeKept(retention),
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
      counted_as: [],
      events: [],
      reports_lost: 0,
    };
  }
  const { firstSeen, lastSeen, firstDay, lastDay, days, dimensions } = counted;
  const { ci, idSource, idPersisted } = counted;
  return {
    ...general,
    first_day: dateOfDay(firstDay),
    last_day: dateOfDay(lastDay),
    first_seen: new Date(firstSeen).toISOString(),
    last_seen: new Date(lastSeen).toISOString(),
    active_days: days.map(dateOfDay),
    total_reports: counted.reports,
    facts: {
      ...dimensions,
      ci,
      ...(idSource !== null && { id_source: idSource }),
      ...(idPersisted !== null && { id_persisted: idPersisted }),
    },
    counted_as: counted.history.map(({ lastDay, values }) => ({
      until: dateOfDay(lastDay),
      facts: values,
    })),
    events: counted.said.map(({ days: on, ...said }) => ({ ...said, days: on.map(dateOfDay) })),
    reports_lost: counted.lost,
  };
}
