import { type TObject, type TProperties, Type } from 'typebox';
import { DURABILITIES } from '../rules/durability.js';
import { fullPlacesSchema, MAX_FULL_PLACES } from '../stats/quality-route.js';
import { CAUSE_CODES } from './causes.js';
import { CONDITION_NAMES, type ConditionName, CONDITIONS, linkOf } from './conditions.js';
import { MAX_UNUSUAL } from './examine-warnings.js';

const orNull = <Schema extends Parameters<typeof Type.Union>[0][number]>(schema: Schema) =>
  Type.Union([schema, Type.Null()]);
const moment = Type.String({ format: 'date-time' });
const percent = Type.Number({ minimum: 0, maximum: 100 });
const count = Type.Integer({ minimum: 0 });

const causeSchema = Type.Object(
  {
    code: Type.Enum(CAUSE_CODES),
    values: Type.Record(Type.String(), Type.Union([Type.String(), Type.Number(), Type.Null()]), {
      description: 'The figures and names of the code',
    }),
  },
  { additionalProperties: false },
);

/** What some conditions tell beside their state. */
const FACTS = {
  backup: {
    last_success_at: orNull(moment),
    last_failure_at: orNull(moment),
    every_seconds: Type.Union([Type.Number(), Type.Null()], {
      description: 'null: no regular backups are made',
    }),
  },
  log: {
    dropped_lines: Type.Integer({
      minimum: 0,
      description: 'Lines that could not be written since the last one that was',
    }),
    dropped_since: orNull(moment),
  },
  places: { full: Type.Array(fullPlacesSchema, { maxItems: MAX_FULL_PLACES }) },
  unusual: {
    days: Type.Array(
      Type.Object(
        {
          project: Type.String(),
          date: Type.String({ format: 'date' }),
          new_users: count,
        },
        { additionalProperties: false },
      ),
      { maxItems: MAX_UNUSUAL, description: 'Of the last 30 days, the newest first' },
    ),
  },
} as const satisfies Partial<Record<ConditionName, TProperties>>;

const conditionSchema = (name: ConditionName): TObject => {
  const { severity, unit } = CONDITIONS[name];
  const wrong = severity === 'critical' ? 'failing' : 'warning';
  return Type.Object(
    {
      state: Type.Union([Type.Literal('ok'), Type.Literal(wrong)]),
      value: orNull(Type.Number()),
      unit: unit === null ? Type.Null() : Type.Literal(unit),
      threshold: orNull(Type.Number()),
      since: Type.String({ format: 'date-time', description: 'Since when it has this state' }),
      reason: Type.Union([Type.String(), Type.Null()], { description: 'What is wrong' }),
      causes: Type.Array(causeSchema, {
        description: 'What the reason says, by codes that programs can word themselves',
      }),
      hint: Type.String({ description: 'What to do if it is wrong' }),
      ...(FACTS as Partial<Record<ConditionName, TProperties>>)[name],
    },
    { additionalProperties: false, description: linkOf(name) },
  );
};

const ofSeverity = (severity: 'critical' | 'warning'): ConditionName[] =>
  CONDITION_NAMES.filter((name) => CONDITIONS[name].severity === severity);

/** The conditions by which a component is failing. */
export const COMPONENTS = ofSeverity('critical');

/** The conditions that are warnings. */
export const WARNINGS = ofSeverity('warning');

const conditionsSchema = (names: readonly ConditionName[], description: string) =>
  Type.Optional(
    Type.Object(Object.fromEntries(names.map((name) => [name, conditionSchema(name)])), {
      ...{ additionalProperties: false, description },
    }),
  );

const FOR_DEVELOPERS = 'With a token of the level developer or above';

/** The answer to `GET /health`, with status 200 or 503. */
export const healthSchema = Type.Object(
  {
    status: Type.Union([Type.Literal('healthy'), Type.Literal('unhealthy')]),
    timestamp: Type.Integer({ minimum: 0, description: 'When it was examined, in seconds' }),
    services: Type.Object(
      Object.fromEntries(
        COMPONENTS.map((name) => [name, Type.Union([Type.Literal('ok'), Type.Literal('error')])]),
      ),
      { additionalProperties: false },
    ),
    system: Type.Optional(
      Type.Object(
        {
          cpu_percent: percent,
          memory_percent: percent,
          memory_available: Type.Integer({ minimum: 0, description: 'In bytes' }),
        },
        {
          additionalProperties: false,
          description:
            'Of what the collector may use of the machine. To programs on the same machine, and ' +
            'with a token of the level developer or above',
        },
      ),
    ),
    components: conditionsSchema(COMPONENTS, FOR_DEVELOPERS),
    warnings: conditionsSchema(WARNINGS, 'Like components. They do not make it unhealthy'),
    pressure: Type.Optional(
      Type.Object(
        {
          cpu: Type.Optional(percent),
          memory: Type.Optional(percent),
          io: Type.Optional(percent),
        },
        {
          additionalProperties: false,
          description: 'For how much of the last minute something had to wait; like components',
        },
      ),
    ),
    network: Type.Optional(
      Type.Object(
        { bytes_in: count, bytes_out: count, errors: count, open_connections: count },
        { additionalProperties: false, description: 'Since the start; like components' },
      ),
    ),
    uptime_seconds: Type.Optional(Type.Number({ minimum: 0, description: 'Like components' })),
    version: Type.Optional(Type.String({ description: 'Like components' })),
    durability: Type.Optional(
      Type.Enum([...DURABILITIES], {
        description: 'Where a report is when it is acknowledged; like components',
      }),
    ),
  },
  { additionalProperties: false },
);
