import { type Static, Type } from 'typebox';
import { columnsOf, formatParameter } from './answer.js';
import { bucketMembers, bucketsFrom, toBucketRow } from './bucket.js';
import { countGrowth, growthWindows } from './count-growth.js';
import { toldMembers } from './told-members.js';
import { type Define, scopeMembers } from './define-question.js';
import { parameters, readDays } from './parameters.js';
import { PUBLIC_WINDOWS } from './public-cells.js';
import { refuseDropped } from './refuse-dropped.js';
import { toUnusualDays, unusualDates, unusualMark } from './unusual.js';

const DEFAULT_WINDOW = '28d';

const growthQuery = Type.Object(
  {
    ...scopeMembers,
    from: parameters.from,
    to: parameters.to,
    window: Type.Optional(
      Type.Enum(
        PUBLIC_WINDOWS.map((days) => `${days}d`),
        {
          description: `Who was seen in so many days, up to each day, is active; ${DEFAULT_WINDOW} without it`,
        },
      ),
    ),
    tz: parameters.tz,
    format: formatParameter,
  },
  { additionalProperties: false },
);

const people = (description: string) => Type.Integer({ minimum: 0, description });

/** The answer to `GET /v1/stats/growth`. */
export const growthSchema = Type.Object(
  {
    project: Type.Union([Type.String(), Type.Null()], { description: 'null: all of them' }),
    window: Type.String(),
    timezone: Type.String(),
    as_of: Type.String({ format: 'date-time' }),
    ...toldMembers,
    ...unusualDates,
    rows: Type.Array(
      Type.Object(
        {
          ...bucketMembers,
          active: people('Seen in the window that ends with the day'),
          active_before: people('Seen in the window that ends with the day before'),
          new: people('Seen on the day for the first time ever'),
          retained: people('Active, and active the day before'),
          resurrected: people('Seen on the day, seen before, and not active the day before'),
          lost: people(
            'Active the day before and not active: last seen on the first day of the window before',
          ),
          ...unusualMark,
        },
        { additionalProperties: false },
      ),
      { description: 'active - active_before = new + resurrected - lost' },
    ),
  },
  { additionalProperties: false },
);

/** `GET /v1/stats/growth`: who came, came back and stopped, day by day. */
export function defineGrowth(define: Define): void {
  define({
    path: '/v1/stats/growth',
    summary: 'How many people are new, stayed, came back and stopped, day by day',
    query: growthQuery,
    answer: growthSchema,
    rows: ({ rows }) => rows,
    columns: columnsOf(growthSchema),
    handler: async ({ project, zone, today, asOf }, query, store) => {
      const { window = DEFAULT_WINDOW, ...given } = query;
      const length = Number.parseInt(window, 10);
      const { from, to } = readDays(given, 'day', today);
      const windows = growthWindows({ from, to }, length);
      // The window that ends before the first day is the first of all.
      const firstDay = from - length;
      const answers = await store.together({
        peopleWindows: { project, ci: false, windows },
        unusual: { project, from: firstDay, to },
      });
      await refuseDropped(store, { what: 'rollups', from: firstDay, windows });
      const unusual = toUnusualDays(answers.unusual);
      const figures = countGrowth(answers.peopleWindows);
      return {
        ...{ project, window, timezone: zone, as_of: asOf.toISOString(), unusual: unusual.dates },
        rows: bucketsFrom(from, to, 'day').flatMap(
          (day, at): Static<typeof growthSchema>['rows'] => {
            const counted = figures[at];
            if (counted === undefined) return [];
            const depends = { firstDay: day.lastDay - length, lastDay: day.lastDay };
            return [
              { ...toBucketRow(day, zone, asOf), ...counted, unusual: unusual.isIn(depends) },
            ];
          },
        ),
      };
    },
  });
}
