import { Type } from 'typebox';
import { LINE_LEVELS } from '../log-reading/log-line.js';

const moment = Type.String({ format: 'date-time' });
const count = Type.Integer({ minimum: 1 });

/** A line in answers. */
export const logLineSchema = Type.Object(
  {
    time: Type.Union([moment, Type.Null()]),
    level: Type.Enum([...LINE_LEVELS]),
    source: Type.String({ description: 'The part of the collector that speaks' }),
    function: Type.String({
      description: 'Of an error: where it came from; else the job or route',
    }),
    line: Type.Integer({
      minimum: 0,
      description: 'The line of that function’s file; 0: not known',
    }),
    message: Type.String(),
    details: Type.Record(Type.String(), Type.Unknown(), {
      description: 'What else the line has; no address, ID of a user, token or key',
    }),
  },
  { additionalProperties: false },
);

/** The answer to `GET /v1/logs`. */
export const logPageSchema = Type.Object(
  {
    logs: Type.Array(logLineSchema),
    next: Type.Union([Type.String(), Type.Null()], {
      description: 'cursor= of the next page; null: there is none',
    }),
    truncated: Type.Boolean({
      description: 'Whether the page ends early, since so much was read: next goes on',
    }),
  },
  { additionalProperties: false, description: 'Newest first' },
);

const byName = (description: string) => Type.Record(Type.String(), count, { description });

/** The answer to `GET /v1/logs/counts`. */
export const logCountsSchema = Type.Object(
  {
    from: moment,
    to: moment,
    levels: byName('Lines by level'),
    sources: byName('Lines by source'),
    windows: Type.Array(
      Type.Object(
        { start: moment, levels: byName('Lines by level'), sources: byName('Lines by source') },
        { additionalProperties: false },
      ),
      { description: 'The oldest first; those without a line are left out' },
    ),
    truncated: Type.Boolean({ description: 'Whether older lines were not counted' }),
    complete_from: Type.Union([moment, Type.Null()], {
      description: 'From when on every line is counted; null: of no moment is that known',
    }),
  },
  { additionalProperties: false },
);
