import { Type } from 'typebox';
import { noteForAudit } from '../access/audit-details.js';
import type { App } from '../app-types.js';
import { MAX_PROJECT_CHARACTERS } from '../rules/limits.js';
import { cleaningBody, readSelection } from './cleaning-body.js';
import {
  cleaningSchema,
  cleaningsSchema,
  dryRunSchema,
  toDryRun,
  toView,
} from './cleaning-view.js';
import { type CleaningsParts, createCleanings } from './cleanings.js';

export interface CleaningsRouteParts extends CleaningsParts {
  readonly now: () => Date;
  /** Called when a cleaning was begun or undone. */
  readonly onCleaning: () => void;
}

const project = {
  project: Type.String({
    minLength: 1,
    maxLength: MAX_PROJECT_CHARACTERS,
    description: 'The project’s name, percent-encoded',
  }),
};
const id = {
  id: Type.String({ pattern: '^[0-9a-f]{8}$', description: 'As the cleaning was answered' }),
};

const general = { tags: ['administration'] };

const level = 'administrator';

/** Problems of every request about cleanings. */
const PROBLEMS = ['busy', 'failing'] as const;

/** Further problems of the requests that begin a step. */
const STEP_PROBLEMS = [
  ...PROBLEMS,
  ...(['not_found', 'cleaning_runs', 'clock_jumped', 'disk_full'] as const),
] as const;

/** `/v1/cleanings`: the administrator takes out what should not count, and gives it back. */
export function registerCleaningsRoutes(app: App, parts: CleaningsRouteParts): void {
  const { now, onCleaning } = parts;
  const cleanings = createCleanings(parts);
  const step = <Result>(work: Promise<Result>): Promise<Result> => work.finally(onCleaning);
  const view = (cleaning: Parameters<typeof toView>[0]) => toView(cleaning, now().getTime());

  app.get(
    '/v1/cleanings',
    {
      schema: { ...general, summary: 'The cleanings', response: { 200: cleaningsSchema } },
      config: { level, problems: [...PROBLEMS] },
    },
    async () => ({ cleanings: (await cleanings.list()).map(view) }),
  );
  app.get(
    '/v1/cleanings/:id',
    {
      schema: {
        ...general,
        summary: 'A cleaning, and how far its work is',
        params: Type.Object(id),
        response: { 200: cleaningSchema },
      },
      config: { level, problems: [...PROBLEMS, 'not_found'] },
    },
    async ({ params }) => view(await cleanings.find(params.id)),
  );
  app.post(
    '/v1/projects/:project/cleanings',
    {
      schema: {
        ...general,
        summary: 'Take people, counts of reports, or a whole project out of all answers',
        description:
          'It can be undone for 7 days; then what was taken out is erased. Reports that were taken ' +
          'out stay known, so that they do not count when they are sent again. Users may see and ' +
          'delete what is taken out of their data; what they delete does not come back.',
        params: Type.Object(project),
        body: cleaningBody,
        response: {
          200: dryRunSchema,
          202: { ...cleaningSchema, description: 'The cleaning is on disk; large ones go on' },
        },
      },
      config: { level, problems: [...STEP_PROBLEMS, 'bad_cleaning'] },
    },
    async (request, reply) => {
      const { params, body } = request;
      const selection = readSelection(params.project, body);
      if (body.dry_run === true) {
        return reply.code(200).send(toDryRun(selection, await cleanings.rehearse(selection)));
      }
      const taken = view(await step(cleanings.take(selection)));
      noteForAudit(request, {
        target: `${taken.project} ${taken.id}`,
        details: { dry_run: false },
      });
      return reply.code(202).send(taken);
    },
  );
  app.delete(
    '/v1/projects/:project',
    {
      schema: {
        ...general,
        summary: 'Remove a project with all that belongs to it',
        description:
          'Its counts are taken out as by a cleaning; its settings, write key and manifest go too, and ' +
          'its place among the projects is free. It can be undone for 7 days, by DELETE ' +
          '/v1/cleanings/{id}. A new report of its name makes it anew, unless projects are closed.',
        params: Type.Object(project),
        response: {
          202: { ...cleaningSchema, description: 'The removal is on disk; large ones go on' },
        },
      },
      config: { level, problems: [...STEP_PROBLEMS] },
    },
    async (request, reply) => {
      const { project } = request.params;
      const { id, ...removed } = view(await step(cleanings.remove(project)));
      noteForAudit(request, { target: `${project} ${id}` });
      return reply.code(202).send({ id, ...removed });
    },
  );
  app.delete(
    '/v1/cleanings/:id',
    {
      schema: {
        ...general,
        summary: 'Undo a cleaning: give back what it took out',
        description:
          'Afterwards every answer is as if there had been no cleaning. Reports of the same people ' +
          'that were counted meanwhile are put together with what comes back.',
        params: Type.Object(id),
        response: {
          202: { ...cleaningSchema, description: 'The undo is on disk; large ones go on' },
        },
      },
      config: { level, problems: [...STEP_PROBLEMS, 'cannot_undo'] },
    },
    async (request, reply) => {
      const undone = view(await step(cleanings.undo(request.params.id)));
      const { id, project, from, to, new: isNew, where } = undone;
      noteForAudit(request, {
        target: `${project} ${id}`,
        details: { from, to, new: isNew, where },
      });
      return reply.code(202).send(undone);
    },
  );
}
