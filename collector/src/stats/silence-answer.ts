import { type Static, Type } from 'typebox';
import { NEEDED_DAYS } from '../rules/silence.js';
import { LEAST_DAYS_SEEN } from '../rules/stopped.js';
import { formatParameter } from './answer.js';
import { scopeMembers } from './define-question.js';
import { parameters } from './parameters.js';

/** The kinds of what may be silent. */
const KINDS = ['project', 'event', 'field'] as const;

/** The states, those to look at first. */
export const STATES = ['silent', 'stopped', 'quiet', 'unknown', 'ok'] as const;

/** The query parameters of `GET /v1/stats/silence`. */
export const silenceQuery = Type.Object(
  { ...scopeMembers, tz: parameters.tz, format: formatParameter },
  { additionalProperties: false },
);

const orNull = <Schema extends Type.TSchema>(schema: Schema, description: string) =>
  Type.Union([schema, Type.Null()], { description });
const count = Type.Integer({ minimum: 0 });
const moment = Type.String({ format: 'date-time' });

const OF_PROJECTS = 'null for events and fields';
const OF_SAID = 'null for projects';

/** The answer to `GET /v1/stats/silence`. */
export const silenceSchema = Type.Object(
  {
    project: Type.Union([Type.String(), Type.Null()], { description: 'null: all of them' }),
    timezone: Type.String(),
    as_of: moment,
    listening_since: Type.String({
      format: 'date-time',
      description: 'Since when the collector that answers runs: it can have heard nothing before',
    }),
    days_needed: Type.Integer({
      description: 'Whole days that must be known before anything is called usual',
    }),
    left_out: Type.Integer({ minimum: 0, description: 'Rows beyond the limit' }),
    rows: Type.Array(
      Type.Object(
        {
          project: Type.String(),
          kind: Type.Enum([...KINDS]),
          name: orNull(Type.String(), 'The event, or the field as event.field; null for projects'),
          state: Type.Enum([...STATES], {
            description:
              'silent: for over three times the long usual gap, nothing has come. quiet: for longer than the ' +
              'long usual gap. stopped: of events and fields, while others go on. unknown: fewer than ' +
              `${NEEDED_DAYS} whole days are known, or ${LEAST_DAYS_SEEN} with the event or field`,
          }),
          since: orNull(moment, 'Since when nothing has come; null where that is as usual'),
          last_counted_at: orNull(moment, `When the last counted report came; ${OF_PROJECTS}`),
          age_seconds: orNull(count, `Seconds since then; ${OF_PROJECTS}`),
          usual_gap_seconds: orNull(
            count,
            `The median of the longest gaps in this hour of other days; ${OF_PROJECTS}`,
          ),
          long_gap_seconds: orNull(
            count,
            `Nine of ten such gaps are no longer than this; ${OF_PROJECTS}`,
          ),
          days_known: orNull(count, `Whole days that these come from; ${OF_PROJECTS}`),
          last_date: orNull(
            Type.String({ format: 'date' }),
            `The day on which it came last; ${OF_SAID}`,
          ),
          days_without: orNull(
            count,
            `Whole days since then on which what may have it came; ${OF_SAID}`,
          ),
          long_gap_days: orNull(
            count,
            `The most such days from one of its days to the next; ${OF_SAID}`,
          ),
          text: Type.String({ description: 'The same in a sentence' }),
        },
        { additionalProperties: false },
      ),
      { description: 'The project first, then its events and fields, those to look at first' },
    ),
  },
  { additionalProperties: false },
);

/** The answer to `GET /v1/stats/silence`. */
export type SilenceAnswer = Static<typeof silenceSchema>;

/** A row of the answer. */
export type SilenceRow = SilenceAnswer['rows'][number];
