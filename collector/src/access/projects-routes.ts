import type { Manifest } from 'headcount/wire';
import { Type } from 'typebox';
import type { App } from '../app-types.js';
import { isZone } from '../counting/day.js';
import { ProblemError } from '../errors.js';
import type { Guards } from './guards.js';
import { MAX_PROJECT_CHARACTERS } from '../intake/limits.js';
import { problemResponses } from '../problem.js';
import { findManifestFault } from './check-manifest.js';
import type { Projects, ProjectView } from './projects.js';

/** What the administrator's requests need. */
export interface ProjectsParts {
  readonly projects: Projects;
  /** Each of them, in this order, may refuse a request. */
  readonly guards: Guards;
}

const status = Type.Union([Type.Literal('open'), Type.Literal('closed')]);

/** A project, as the administrator sees it. */
export const projectSchema = Type.Object(
  {
    project: Type.String(),
    status,
    timezone: Type.String({ description: 'The IANA time zone that its days are told in' }),
    created_at: Type.Union([Type.String(), Type.Null()], {
      description: 'null for a project that came with its first report',
    }),
    has_write_key: Type.Boolean(),
    has_manifest: Type.Boolean(),
  },
  { additionalProperties: false },
);

/** The answer to `GET /v1/projects`. */
export const projectsSchema = Type.Object(
  { projects: Type.Array(projectSchema) },
  { additionalProperties: false },
);

/** The answer to `POST /v1/projects/{project}/write-key`. */
export const writeKeySchema = Type.Object(
  { write_key: Type.String({ description: 'Shown once; only its hash is kept' }) },
  { additionalProperties: false },
);

const params = Type.Object({
  project: Type.String({ minLength: 1, maxLength: MAX_PROJECT_CHARACTERS }),
});

const NO_CONTENT = Type.Null({ description: 'Done' });

/** `/v1/projects`: the administrator's. */
export function registerProjectsRoutes(app: App, { projects, guards }: ProjectsParts): void {
  const mustFind = (project: string): ProjectView => {
    const found = projects.find(project);
    if (found === undefined) throw new ProblemError('not_found', 'There is no such project.');
    return found;
  };

  app.get(
    '/v1/projects',
    { schema: { response: { 200: projectsSchema, ...problemResponses } }, onRequest: guards },
    () => ({ projects: projects.list() }),
  );
  app.get(
    '/v1/projects/:project',
    {
      schema: { params, response: { 200: projectSchema, ...problemResponses } },
      onRequest: guards,
    },
    ({ params: { project } }) => mustFind(project),
  );
  app.put(
    '/v1/projects/:project',
    {
      schema: {
        params,
        body: Type.Object(
          {
            status: Type.Optional(status),
            timezone: Type.Optional(Type.String({ maxLength: 64 })),
          },
          { additionalProperties: false },
        ),
        response: { 200: projectSchema, 201: projectSchema, ...problemResponses },
      },
      onRequest: guards,
    },
    async ({ params: { project }, body }, reply) => {
      const before = projects.find(project);
      if (body.timezone !== undefined && !isZone(body.timezone)) {
        const detail = 'The time zone must be an IANA name, such as Europe/Berlin or UTC.';
        throw new ProblemError('bad_zone', detail, { path: '/timezone' });
      }
      await projects.save(project, body);
      return reply.code(before === undefined ? 201 : 200).send(mustFind(project));
    },
  );

  app.post(
    '/v1/projects/:project/write-key',
    {
      schema: { params, response: { 201: writeKeySchema, ...problemResponses } },
      onRequest: guards,
    },
    async ({ params: { project } }, reply) => {
      mustFind(project);
      const write_key = await projects.issueKey(project);
      return reply.code(201).header('cache-control', 'no-store').send({ write_key });
    },
  );
  app.delete(
    '/v1/projects/:project/write-key',
    { schema: { params, response: { 204: NO_CONTENT, ...problemResponses } }, onRequest: guards },
    async ({ params: { project } }, reply) => {
      mustFind(project);
      await projects.revokeKey(project);
      return reply.code(204).send(null);
    },
  );

  app.get(
    '/v1/projects/:project/manifest',
    {
      schema: { params, response: { 200: Type.Object({}), ...problemResponses } },
      onRequest: guards,
    },
    ({ params: { project } }, reply) => {
      const manifest = projects.manifestOf(project);
      if (manifest === undefined) {
        throw new ProblemError('not_found', 'The project has no manifest: it takes every event.');
      }
      return reply.serializer(JSON.stringify).send(manifest);
    },
  );
  app.put(
    '/v1/projects/:project/manifest',
    {
      schema: {
        params,
        body: Type.Object({}),
        response: { 200: projectSchema, ...problemResponses },
      },
      onRequest: guards,
    },
    async ({ params: { project }, body }) => {
      const fault = findManifestFault(body);
      if (fault !== undefined) {
        throw new ProblemError('bad_manifest', fault.detail, { path: fault.path });
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
    { schema: { params, response: { 204: NO_CONTENT, ...problemResponses } }, onRequest: guards },
    async ({ params: { project } }, reply) => {
      mustFind(project);
      await projects.withdrawManifest(project);
      return reply.code(204).send(null);
    },
  );
}
