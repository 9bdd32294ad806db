import { Type } from 'typebox';
import type { App } from '../app-types.js';
import { VERSION } from '../version.js';
import { examine, type HealthParts } from './health.js';

const status = Type.Union([Type.Literal('ok'), Type.Literal('failing')]);
const component = Type.Object(
  { status, reason: Type.Optional(Type.String()) },
  { additionalProperties: false },
);

/** The answer to `GET /health`, with status 200 or 503. */
export const healthSchema = Type.Object(
  {
    status,
    components: Type.Object(
      {
        journal: component,
        counting: component,
        store: component,
        data: component,
        clock: component,
      },
      { additionalProperties: false },
    ),
    uptime_seconds: Type.Number({ minimum: 0 }),
    version: Type.String(),
  },
  { additionalProperties: false },
);

/** `GET /health`: whether reports can be taken and counted. */
export function registerHealthRoute(app: App, parts: HealthParts): void {
  const startedAt = parts.now().getTime();
  app.get(
    '/health',
    {
      schema: {
        summary: 'Whether reports can be taken and counted',
        tags: ['server'],
        response: {
          200: { ...healthSchema, description: 'They can' },
          503: { ...healthSchema, description: 'They cannot: a component is failing' },
        },
      },
    },
    async (_request, reply) => {
      const components = await examine(parts);
      const isOk = Object.values(components).every((part) => part.status === 'ok');
      const uptimeMs = Math.max(0, parts.now().getTime() - startedAt);
      return reply.code(isOk ? 200 : 503).send({
        status: isOk ? 'ok' : 'failing',
        components,
        uptime_seconds: Math.floor(uptimeMs / 1000),
        version: VERSION,
      });
    },
  );
}
