import { Type } from 'typebox';
import { varyBy } from './access/vary-by.js';
import type { App } from './app-types.js';
import type { Dashboard } from './dashboard/register-dashboard.js';
import { prefersHtml } from './dashboard/prefers-html.js';
import { type CollectedRoute, listOperations } from './openapi/collect-routes.js';
import { DURABILITIES, type Durability } from './rules/durability.js';
import { VERSION } from './version.js';

/** The answer to `GET /`. */
export const aboutSchema = Type.Object(
  {
    name: Type.String(),
    description: Type.String(),
    version: Type.String(),
    durability: Type.Enum([...DURABILITIES], {
      description: 'Where a report is when it is acknowledged: on disk, or counted in the store',
    }),
    derived: Type.Optional(
      Type.Array(
        Type.Object(
          { dimension: Type.String(), description: Type.String() },
          { additionalProperties: false },
        ),
        { description: 'What is counted of people that is in no report' },
      ),
    ),
    endpoints: Type.Array(
      Type.Object(
        { method: Type.String(), path: Type.String(), description: Type.String() },
        { additionalProperties: false },
      ),
    ),
  },
  { additionalProperties: false },
);

const COUNTRY = {
  dimension: 'country',
  description:
    'The country of the address that a report comes from, by a table on this server. The address ' +
    'is not kept, and nobody else is asked.',
};

interface AboutParts {
  readonly hasCountries: boolean;
  readonly durability: Durability;
  /** All routes, once all are registered. */
  readonly routes: readonly CollectedRoute[];
  readonly answerHome: Dashboard['answerHome'];
}

/** `GET /`: what this server is and what it answers; for browsers, the dashboard. */
export function registerAboutRoute(
  app: App,
  { hasCountries, durability, routes, answerHome }: AboutParts,
): void {
  app.get(
    '/',
    {
      schema: {
        summary: 'What this server is and what it answers',
        tags: ['server'],
        response: { 200: aboutSchema },
      },
      config: {
        level: 'public',
        credential: 'session',
        headers: {
          vary: 'Accept: browsers, which prefer HTML, get the dashboard. Cookie: as which caller',
        },
      },
    },
    async (request, reply) => {
      varyBy(reply, 'accept, cookie');
      if (prefersHtml(request.headers.accept)) return answerHome(request, reply);
      return {
        name: 'headcount-collector',
        description: 'Counts how many people use a program, without knowing who they are.',
        version: VERSION,
        durability,
        ...(hasCountries && { derived: [COUNTRY] }),
        endpoints: listOperations(routes),
      };
    },
  );
}
