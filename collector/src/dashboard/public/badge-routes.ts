import { Type } from 'typebox';
import type { Guards } from '../../access/guards.js';
import type { Projects } from '../../access/projects.js';
import type { App } from '../../app-types.js';
import { ProblemError } from '../../errors.js';
import type { Ask } from '../../morning/ask-morning.js';
import { isGrowth } from '../../morning/morning-answers.js';
import { lastComplete } from '../../morning/morning.js';
import { projectParam } from '../project-params.js';
import { drawBadge } from './draw-badge.js';
import { keepForAnHour } from './keep-for-an-hour.js';
import { LASTING, LASTING_HEADERS, LIFETIME_SECONDS } from './lasting-answer.js';
import { roundPeople } from './round-people.js';

export interface BadgeParts {
  readonly projects: Pick<Projects, 'badgeOf'>;
  /** Asks the collector itself; strangers see the rounded number alone. */
  readonly ask: Ask;
  /** No group of fewer people is told. */
  readonly k: number;
  readonly guards: Guards;
  /** Milliseconds of a monotonic clock. */
  readonly monotonicMs: () => number;
}

/** Numbers that are kept; a badge beyond them is asked anew. */
const MAX_KEPT = 1000;

const query = Type.Object(
  {
    project: projectParam,
    label: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 40,
        pattern: '^[^\\p{C}]+$',
        description: 'What stands left of the number; `people in 28 days` without it',
      }),
    ),
  },
  { additionalProperties: false },
);

/** The answer to `GET /v1/badge.json`, as https://shields.io/badges/endpoint-badge reads it. */
export const badgeSchema = Type.Object(
  {
    schemaVersion: Type.Literal(1),
    label: Type.String(),
    message: Type.String({ description: 'Rounded to two digits, such as 13K' }),
    color: Type.String(),
    cacheSeconds: Type.Integer(),
  },
  { additionalProperties: false },
);

const LABEL = 'people in 28 days';
const COLOR = '136c55';

const compact = new Intl.NumberFormat('en', {
  notation: 'compact',
  maximumSignificantDigits: 2,
});

/** `GET /v1/badge.svg` and `.json`: the people of 28 complete days, for pages of others. */
export function registerBadgeRoutes(app: App, parts: BadgeParts): void {
  const keep = keepForAnHour<number>(MAX_KEPT, parts.monotonicMs);

  const askPeople = async (project: string): Promise<number> => {
    const parameters = new URLSearchParams({ project, window: '28d' });
    const growth = await parts.ask(`/v1/stats/growth?${parameters.toString()}`, isGrowth);
    const date = lastComplete(growth);
    return growth.rows.find((row) => row.date === date)?.active ?? 0;
  };

  const read = async (project: string, label = LABEL) => {
    // Now, so that a badge that was turned off is gone at once.
    if (!parts.projects.badgeOf(project)) {
      throw new ProblemError('not_found', 'There is no badge of such a project.');
    }
    const people = roundPeople(await keep(project, () => askPeople(project)), parts.k);
    const message = people === null ? `fewer than ${parts.k}` : compact.format(people);
    return { label, message };
  };

  const options = {
    config: {
      level: 'public',
      credential: 'none',
      problems: ['not_found', 'rate_limited', 'busy', 'failing'],
      headers: LASTING_HEADERS,
    },
    onRequest: parts.guards,
  } as const;
  app.get(
    '/v1/badge.json',
    {
      ...options,
      schema: {
        summary: 'The number of people, rounded, for shields.io',
        description: 'Of the last 28 complete days. Off until the project’s setting `badge` is on.',
        tags: ['public'],
        querystring: query,
        response: { 200: badgeSchema },
      },
    },
    async (request, reply) => {
      const { label, message } = await read(request.query.project, request.query.label);
      reply.headers(LASTING);
      const cacheSeconds = LIFETIME_SECONDS;
      return { schemaVersion: 1, label, message, color: COLOR, cacheSeconds } as const;
    },
  );
  app.get(
    '/v1/badge.svg',
    {
      ...options,
      schema: {
        summary: 'The number of people, rounded, as a badge',
        description: 'Of the last 28 complete days. Off until the project’s setting `badge` is on.',
        tags: ['public'],
        querystring: query,
        response: {
          200: {
            description: 'The badge',
            content: { 'image/svg+xml': { schema: Type.String() } },
          },
        },
      },
    },
    async (request, reply) => {
      const texts = await read(request.query.project, request.query.label);
      return reply
        .headers(LASTING)
        .type('image/svg+xml; charset=utf-8')
        .serializer(String)
        .send(drawBadge(texts));
    },
  );
}
