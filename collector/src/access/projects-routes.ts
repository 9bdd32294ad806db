import type { Manifest } from 'headcount/wire';
import { Type } from 'typebox';
import type { App } from '../app-types.js';
import { ProblemError } from '../errors.js';
import { MAX_PROJECT_CHARACTERS } from '../rules/limits.js';
import { isZone } from '../rules/day.js';
import { pageOf } from '../rules/page.js';
import { endedSchema, findBadRange } from '../rules/ended-versions.js';
import { VISIBILITIES } from '../rules/visibility.js';
import { findManifestError } from './manifest-files.js';
import type { Projects, ProjectView } from './projects.js';
import { readSentence } from './read-sentence.js';

/** The parts that the administrator's routes need. */
export interface ProjectsParts {
  readonly projects: Projects;
}

const status = Type.Union([Type.Literal('open'), Type.Literal('closed')]);

const visibility = Type.Enum([...VISIBILITIES], {
  description: 'What requests without a token see of it',
});

const coverage = Type.String({
  maxLength: 500,
  description:
    'Who is counted, in the project’s own words, on one line: answers without a token have it too',
});

const invented = Type.Boolean({
  description:
    'Whether it is marked as one with invented data: answers and pages say so. Reports are counted as ever',
});

/** A project, as the administrator sees it. */
export const projectSchema = Type.Object(
  {
    project: Type.String(),
    status,
    timezone: Type.String({ description: 'The IANA time zone of its days' }),
    visibility,
    badge: Type.Boolean({ description: 'Whether everybody may have its badge' }),
    created_at: Type.Union([Type.String(), Type.Null()], {
      description: 'null for a project that came with its first report',
    }),
    coverage: Type.Union([coverage, Type.Null()]),
    ended: endedSchema,
    invented,
    has_write_key: Type.Boolean(),
    has_manifest: Type.Boolean(),
  },
  { additionalProperties: false },
);

/** The answer to `GET /v1/projects`. */
export const projectsSchema = Type.Object(
  {
    projects: Type.Array(projectSchema),
    next: Type.Optional(
      Type.String({ description: 'There are more: ask again with ?after= and this name' }),
    ),
  },
  { additionalProperties: false, description: 'In the order of their names' },
);

/** Projects in an answer, without `limit`. */
const DEFAULT_LISTED = 100;

const listQuery = Type.Object(
  {
    after: Type.Optional(
      Type.String({
        maxLength: MAX_PROJECT_CHARACTERS,
        description: 'Only names after this one',
      }),
    ),
    limit: Type.Optional(
      Type.String({
        pattern: '^([1-9]\\d{0,2}|1000)$',
        description: `Projects in the answer; up to 1000, and ${DEFAULT_LISTED} without it`,
      }),
    ),
  },
  { additionalProperties: false },
);

/** The answer to `POST /v1/projects/{project}/write-key`. */
export const writeKeySchema = Type.Object(
  { write_key: Type.String({ description: 'Shown once; only its hash is kept' }) },
  { additionalProperties: false },
);

const params = Type.Object({
  project: Type.String({
    minLength: 1,
    maxLength: MAX_PROJECT_CHARACTERS,
    description: 'The project’s name, percent-encoded',
  }),
});

const general = { tags: ['projects'] };

const level = 'administrator';

/** Problems of the requests that write a file. */
const WRITING_PROBLEMS = ['disk_full'] as const;

/** A manifest, as it is documented: checked by {@link findManifestError}. */
const MANIFEST = { $ref: '#/components/schemas/Manifest' };

const NO_CONTENT = Type.Null({ description: 'Done' });

/** `/v1/projects`: the administrator's. */
export function registerProjectsRoutes(app: App, { projects }: ProjectsParts): void {
  const mustFind = (project: string): ProjectView => {
    const found = projects.find(project);
    if (found === undefined) throw new ProblemError('not_found', 'There is no such project.');
    return found;
  };

  app.get(
    '/v1/projects',
    {
      schema: {
        ...general,
        summary: 'The projects',
        querystring: listQuery,
        response: { 200: projectsSchema },
      },
      config: { level },
    },
    async ({ query: { after, limit } }) => {
      await projects.refresh();
      const asked = { after, limit: Number(limit ?? DEFAULT_LISTED) };
      const { items, next } = pageOf(projects.list(), ({ project }) => project, asked);
      return { projects: [...items], ...(next !== undefined && { next }) };
    },
  );
  app.get(
    '/v1/projects/:project',
    {
      schema: { ...general, summary: 'A project', params, response: { 200: projectSchema } },
      config: { level, problems: ['not_found'] },
    },
    ({ params: { project } }) => mustFind(project),
  );
  app.put(
    '/v1/projects/:project',
    {
      schema: {
        ...general,
        summary: 'Create a project, or change it',
        params,
        body: Type.Object(
          {
            status: Type.Optional(status),
            timezone: Type.Optional(Type.String({ maxLength: 64 })),
            visibility: Type.Optional(visibility),
            badge: Type.Optional(
              Type.Boolean({ description: 'Whether everybody may have its badge: /v1/badge.svg' }),
            ),
            coverage: Type.Optional({ ...coverage, description: 'One line. Empty: says nothing' }),
            ended: Type.Optional({
              ...endedSchema,
              description: 'Versions that are no longer supported: all of them, anew',
            }),
            invented: Type.Optional(invented),
          },
          { additionalProperties: false },
        ),
        response: { 200: projectSchema, 201: projectSchema },
      },
      config: { level, problems: [...WRITING_PROBLEMS, 'bad_zone', 'bad_range', 'bad_text'] },
    },
    async ({ params: { project }, body }, reply) => {
      const before = projects.find(project);
      if (body.timezone !== undefined && !isZone(body.timezone)) {
        const detail = 'The time zone must be an IANA name, such as Europe/Berlin or UTC.';
        throw new ProblemError('bad_zone', detail, { path: '/timezone' });
      }
      const badRange = body.ended && findBadRange(body.ended);
      if (badRange !== undefined) {
        const detail = 'It must be a range of versions, such as "<2 || 3.x".';
        throw new ProblemError('bad_range', detail, { path: badRange });
      }
      const told = body.coverage !== undefined && {
        coverage: readSentence(body.coverage, '/coverage'),
      };
      await projects.save(project, { ...body, ...told });
      return reply.code(before === undefined ? 201 : 200).send(mustFind(project));
    },
  );

  app.post(
    '/v1/projects/:project/write-key',
    {
      schema: {
        ...general,
        summary: 'Make a new write key; the one before it is void',
        params,
        response: { 201: writeKeySchema },
      },
      config: {
        level,
        headers: { 'cache-control': 'no-store' },
        problems: [...WRITING_PROBLEMS, 'not_found'],
      },
    },
    async ({ params: { project } }, reply) => {
      mustFind(project);
      const write_key = await projects.issueKey(project);
      return reply.code(201).header('cache-control', 'no-store').send({ write_key });
    },
  );
  app.delete(
    '/v1/projects/:project/write-key',
    {
      schema: {
        ...general,
        summary: 'Take reports without a write key again',
        params,
        response: { 204: NO_CONTENT },
      },
      config: { level, problems: [...WRITING_PROBLEMS, 'not_found'] },
    },
    async ({ params: { project } }, reply) => {
      mustFind(project);
      await projects.revokeKey(project);
      return reply.code(204).send(null);
    },
  );

  app.get(
    '/v1/projects/:project/manifest',
    {
      schema: {
        ...general,
        summary: 'What the project’s reports may say',
        params,
        response: { 200: Type.Object({}, { description: 'As it was set' }) },
      },
      config: { level, problems: ['not_found'] },
    },
    ({ params: { project } }, reply) => {
      const manifest = projects.manifestOf(project);
      if (manifest === undefined) {
        throw new ProblemError('not_found', 'The project has no manifest: it takes every event.');
      }
      return reply
        .type('application/json; charset=utf-8')
        .serializer(JSON.stringify)
        .send(manifest);
    },
  );
  app.put(
    '/v1/projects/:project/manifest',
    {
      schema: {
        ...general,
        summary: 'Set what the project’s reports may say',
        params,
        body: Type.Object({}),
        response: { 200: projectSchema },
      },
      config: { level, body: MANIFEST, problems: [...WRITING_PROBLEMS, 'bad_manifest'] },
    },
    async ({ params: { project }, body }) => {
      const wrong = findManifestError(body);
      if (wrong !== undefined) {
        throw new ProblemError('bad_manifest', wrong.detail, { path: wrong.path });
      }
      const manifest = body as Manifest;
      if (manifest.project !== project) {
        const detail = 'The manifest is that of another project than the path names.';
        throw new ProblemError('bad_manifest', detail, { path: '/project' });
      }
      await projects.declare(manifest);
      return mustFind(project);
    },
  );
  app.delete(
    '/v1/projects/:project/manifest',
    {
      schema: {
        ...general,
        summary: 'Let the project’s reports say anything again',
        params,
        response: { 204: NO_CONTENT },
      },
      config: { level, problems: [...WRITING_PROBLEMS, 'not_found'] },
    },
    async ({ params: { project } }, reply) => {
      mustFind(project);
      await projects.withdrawManifest(project);
      return reply.code(204).send(null);
    },
  );
}
