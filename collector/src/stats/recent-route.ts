import { randomBytes } from 'node:crypto';
import { Type } from 'typebox';
import { MASK_KEY_BYTES, maskUser } from '../access/masking.js';
import type { App } from '../app-types.js';
import { problemResponses } from '../problem.js';
import { CATCH_UP_MS, scopeSchema, type StatsParts } from './stats-parts.js';

const RECENT_USERS = 20;

/** The answer to `GET /stats/recent`. */
export const recentSchema = Type.Object(
  {
    users: Type.Array(
      Type.Object(
        {
          anonymous_id: Type.String({
            pattern: '^[0-9a-f]{8}\\*{4}$',
            description: 'A mask that is another one in every answer; the ID is stored nowhere',
          }),
          first_seen: Type.String({ format: 'date-time' }),
          last_seen: Type.String({ format: 'date-time' }),
          os: Type.String(),
          version: Type.String(),
          total_reports: Type.Integer({ minimum: 1 }),
        },
        { additionalProperties: false },
      ),
      { maxItems: RECENT_USERS },
    ),
  },
  { additionalProperties: false },
);

/** `GET /stats/recent`: the people seen last, newest first. */
export function registerRecentRoute(app: App, { counting, store }: StatsParts): void {
  app.get(
    '/stats/recent',
    { schema: { querystring: scopeSchema, response: { 200: recentSchema, ...problemResponses } } },
    async ({ query }) => {
      await counting.caughtUp(CATCH_UP_MS);
      const question = { project: query.project ?? null, limit: RECENT_USERS };
      const maskKey = randomBytes(MASK_KEY_BYTES);
      const users = await store.recent(question);
      return {
        users: users.map((user) => ({
          anonymous_id: maskUser(maskKey, user.uid),
          first_seen: new Date(user.firstSeen).toISOString(),
          last_seen: new Date(user.lastSeen).toISOString(),
          os: user.os,
          version: user.version,
          total_reports: user.reports,
        })),
      };
    },
  );
}
