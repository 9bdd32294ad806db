import { createHmac, randomBytes } from 'node:crypto';
import { type Static, Type } from 'typebox';
import { openView } from '../access/access.js';
import type { App } from '../app-types.js';
import { formatParameter, writeAs } from './answer.js';
import {
  accessOf,
  CATCH_UP_MS,
  DOCUMENTED_ROWS,
  scopeMembers,
  type StatsParts,
} from './define-question.js';
import type { StatsRouteParts } from './register-question.js';

const RECENT_USERS = 20;

const recentQuery = Type.Object(
  { ...scopeMembers, format: formatParameter },
  { additionalProperties: false },
);

/** The answer to `GET /v1/stats/recent`. */
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
  { additionalProperties: false, description: 'Newest first' },
);

/** `GET /v1/stats/recent`, which the first generation knows as `GET /stats/recent`. */
export function registerRecentRoute(app: App, parts: StatsRouteParts): void {
  const schema = {
    tags: ['stats'],
    querystring: recentQuery,
    response: { 200: recentSchema },
  };
  const { users } = recentSchema.properties;
  const preSerialization = writeAs(
    (answer: Static<typeof recentSchema>) => answer.users,
    () => users.items.required,
  );
  for (const [path, summary] of [
    ['/v1/stats/recent', 'The people seen last, masked'],
    ['/stats/recent', 'The same as /v1/stats/recent (first generation)'],
  ] as const) {
    const question = { path, level: 'restricted' } as const;
    const options = {
      schema: { ...schema, summary },
      config: { ...DOCUMENTED_ROWS, ...accessOf(question) },
      onRequest: parts.guards,
      preSerialization,
    };
    app.get(path, options, (request) => {
      const { project = null } = request.query;
      openView(parts.access, request, project, question);
      return askRecent(parts, project);
    });
  }
}

/** The people seen last, newest first. */
async function askRecent(
  { counting, store }: StatsParts,
  project: string | null,
): Promise<Static<typeof recentSchema>> {
  await counting.caughtUp(CATCH_UP_MS);
  const users = await store.recent({ project, limit: RECENT_USERS });
  const maskKey = randomBytes(MASK_KEY_BYTES);
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
}

/** Bytes of the key of {@link maskUser}. Every answer needs a new random key. */
const MASK_KEY_BYTES = 32;

/**
 * Masks a user's hash: users differ within one answer and cannot be followed beyond it, since its
 * key is discarded.
 */
function maskUser(key: Uint8Array, uid: Uint8Array): string {
  return `${createHmac('sha256', key).update(uid).digest('hex').slice(0, 8)}****`;
}
