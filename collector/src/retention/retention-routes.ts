import { type Static, Type } from 'typebox';
import type { App } from '../app-types.js';
import type { JobRunner } from '../jobs/job-runner.js';
import type { JobState } from '../jobs/job.js';
import {
  type KeptByOption,
  type Retention,
  RETENTION_CLASSES,
  type RetentionClass,
  writeKept,
} from '../rules/retention-classes.js';
import { RETENTION_JOBS } from './retention-jobs.js';

export interface RetentionRoutesParts {
  readonly retention: Retention;
  readonly jobs: Pick<JobRunner, 'runNow' | 'states'>;
}

const nullable = <Schema extends ReturnType<typeof Type.String | typeof Type.Object>>(
  schema: Schema,
  description: string,
) => Type.Union([schema, Type.Null()], { description });
const count = (description: string) => Type.Integer({ minimum: 0, description });

const droppedSchema = Type.Record(
  Type.String(),
  Type.Object(
    { rows: count('Rows, or files'), bytes: count('About how much room they took') },
    { additionalProperties: false },
  ),
);

const runSchema = Type.Object(
  {
    started_at: Type.String({ format: 'date-time' }),
    ended_at: Type.String({ format: 'date-time' }),
    took_ms: count('With pauses, in which reports were counted'),
    dropped: droppedSchema,
  },
  { additionalProperties: false },
);

/** The answer to `GET /v1/retention`. */
export const retentionStateSchema = Type.Object(
  {
    classes: Type.Array(
      Type.Object(
        {
          name: Type.String(),
          what: Type.String(),
          at: Type.Array(Type.String(), {
            description: 'Files of the data folder; tables and columns of its databases',
          }),
          kept: Type.String({ description: 'As 400d, forever, or until something happens' }),
          default: nullable(Type.String(), 'null: it is no option'),
          option: nullable(Type.String(), 'The option that sets it'),
        },
        { additionalProperties: false },
      ),
    ),
    running: nullable(
      Type.Object(
        {
          dry_run: Type.Boolean(),
          share: Type.Number({ minimum: 0, maximum: 1, description: 'How much of it is done' }),
        },
        { additionalProperties: false },
      ),
      'null: nothing runs',
    ),
    last_run: nullable(runSchema, 'The last run that dropped what was old'),
    last_dry_run: nullable(runSchema, 'The last run that only counted it'),
    last_error: nullable(Type.String(), 'Why the last run failed'),
  },
  { additionalProperties: false },
);

type State = Static<typeof retentionStateSchema>;

const general = { tags: ['administration'] };

const level = 'administrator';

/** `/v1/retention`: for how long everything is kept, and the runs that drop what is older. */
export function registerRetentionRoutes(app: App, parts: RetentionRoutesParts): void {
  const { jobs, retention } = parts;
  app.get(
    '/v1/retention',
    {
      schema: {
        ...general,
        summary: 'For how long everything is kept, and what the last run dropped',
        response: { 200: retentionStateSchema },
      },
      config: { level },
    },
    () => stateOf(retention, jobs.states()),
  );
  app.post(
    '/v1/retention/runs',
    {
      schema: {
        ...general,
        summary: 'Drop now what is older than it may be, or count it',
        body: Type.Object(
          {
            dry_run: Type.Boolean({ description: 'Whether nothing is dropped, but counted only' }),
          },
          { additionalProperties: false },
        ),
        response: {
          202: {
            ...retentionStateSchema,
            description: 'It has begun: GET /v1/retention tells more',
          },
        },
      },
      config: { level },
    },
    async ({ body }, reply) => {
      const run = jobs.runNow(body.dry_run ? RETENTION_JOBS.rehearse : RETENTION_JOBS.run);
      // The runner logs a failure, and the state tells it.
      run.catch(() => undefined);
      await new Promise((resolve) => setImmediate(resolve));
      return reply.code(202).send(stateOf(retention, jobs.states()));
    },
  );
}

function stateOf(retention: Retention, states: readonly JobState[]): State {
  const real = states.find(({ name }) => name === RETENTION_JOBS.run);
  const rehearsal = states.find(({ name }) => name === RETENTION_JOBS.rehearse);
  const running = [real, rehearsal].find((state) => (state?.share ?? null) !== null);
  return {
    classes: Object.entries<RetentionClass>(RETENTION_CLASSES).map(
      ([name, { what, at, keeping }]) => ({
        name,
        what,
        at: [...at],
        kept: 'until' in keeping ? keeping.until : writeKept(retention[name as KeptByOption]),
        default: 'until' in keeping ? null : writeKept(keeping.fallback),
        option: 'until' in keeping ? null : `--${keeping.flag}`,
      }),
    ),
    running:
      running === undefined ? null : { dry_run: running === rehearsal, share: running.share ?? 0 },
    last_run: toRun(real),
    last_dry_run: toRun(rehearsal),
    last_error: real?.error ?? rehearsal?.error ?? null,
  };
}

function toRun(state: JobState | undefined): State['last_run'] {
  if (state === undefined || state.result === null || state.succeededAt === null) return null;
  // The job wrote it.
  const result = state.result as Pick<Static<typeof runSchema>, 'started_at' | 'dropped'>;
  return {
    started_at: result.started_at,
    ended_at: new Date(state.succeededAt).toISOString(),
    took_ms: state.tookMs ?? 0,
    dropped: result.dropped,
  };
}
