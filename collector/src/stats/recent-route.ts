import { createHmac, randomBytes } from 'node:crypto';
import { type Static, Type } from 'typebox';
import { openView } from '../access/access.js';
import { blurPeople } from '../access/blur-people.js';
import { atLeast, type Level } from '../access/level.js';
import type { App } from '../app-types.js';
import { dateOfDay, dayOf, type Zone } from '../rules/day.js';
import type { RecentUser } from '../store/questions.js';
import { findState } from './asked-state.js';
import { formatParameter, writeAs } from './answer.js';
import { accessOf, DOCUMENTED_ROWS, scopeMembers, type StatsParts } from './define-question.js';
import type { StatsRouteParts } from './register-question.js';
import { RESTRICTED_K } from './seen-groups.js';

const RECENT_USERS = 20;

const recentQuery = Type.Object(
  { ...scopeMembers, format: formatParameter },
  { additionalProperties: false },
);

const BLURRED_VALUE =
  'What the person last reported; below the administrator’s level, other unless a group has it in common';

const moment = (description: string) =>
  Type.Union([Type.String({ format: 'date-time' }), Type.String({ format: 'date' })], {
    description: `${description}; below the administrator’s level a day, on which it was or later: the first such day in a group of people`,
  });

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
          first_seen: moment('When the person was first seen'),
          last_seen: moment('When the person was last seen'),
          os: Type.String({ description: BLURRED_VALUE }),
          version: Type.String({ description: BLURRED_VALUE }),
          total_reports: Type.Integer({
            minimum: 1,
            description:
              'Reports; below the administrator’s level at least so many: the least of a group of people',
          }),
        },
        { additionalProperties: false },
      ),
      { maxItems: RECENT_USERS },
    ),
    coarse: Type.Optional(
      Type.Object(
        {
          people: Type.Integer({ description: 'People in a group at least, if there are as many' }),
          note: Type.String({ description: 'What days, numbers and values mean then' }),
        },
        {
          additionalProperties: false,
          description:
            'Only there below the administrator’s level. /stats/recent, which has the first ' +
            'generation’s shape, says it in the header headcount-coarse alone',
        },
      ),
    ),
  },
  {
    additionalProperties: false,
    description:
      'Newest first. Below the administrator’s level, people are shown in groups of at ' +
      `least ${RESTRICTED_K}, or as one group if there are fewer, all of a group alike`,
  },
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
      config: {
        ...DOCUMENTED_ROWS,
        ...accessOf(question),
        headers: {
          'headcount-coarse': 'Says that rows are lower bounds of groups, if they are; see coarse',
        },
      },
      onRequest: parts.guards,
      preSerialization,
    };
    app.get(path, options, async (request, reply) => {
      const { project = null } = request.query;
      const { level } = openView(parts.access, request, project, question);
      const { store } = await findState(request, parts);
      const answer = await askRecent({ ...parts, store }, project, level);
      if (atLeast(level, 'administrator')) return answer;
      void reply.header('headcount-coarse', `groups of ${RESTRICTED_K}: lower bounds`);
      return path === '/v1/stats/recent' ? { ...answer, coarse: COARSE } : answer;
    });
  }
}

/** What the list of somebody who may not know single people says of itself. */
const COARSE = {
  people: RESTRICTED_K,
  note:
    `People are in groups of at least ${RESTRICTED_K}, or in one group if there are fewer, and all of ` +
    'a group are shown alike. first_seen and last_seen are days on which it was or later, and ' +
    'total_reports is at least that: the least of the group. A system or version that not all of a ' +
    'group have is other.',
};

/** The people seen last, newest first. */
async function askRecent(
  { projects, store }: Pick<StatsParts, 'projects' | 'store'>,
  project: string | null,
  level: Level,
): Promise<Static<typeof recentSchema>> {
  const users = await store.recent({ project, limit: RECENT_USERS });
  if (!atLeast(level, 'administrator')) return { users: blur(users, projects.zoneOf(project)) };
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

/** People in groups, whose masks have nothing to do with them. */
function blur(users: readonly RecentUser[], zone: Zone): Static<typeof recentSchema>['users'] {
  const dateOf = (ms: number): string => dateOfDay(dayOf(ms, zone));
  const people = users.map(({ firstSeen, lastSeen, os, version, reports }) => ({
    firstDate: dateOf(firstSeen),
    lastDate: dateOf(lastSeen),
    ...{ os, version, reports },
  }));
  return blurPeople(people, RESTRICTED_K).map((person) => ({
    anonymous_id: `${randomBytes(4).toString('hex')}****`,
    first_seen: person.firstDate,
    last_seen: person.lastDate,
    os: person.os,
    version: person.version,
    total_reports: person.reports,
  }));
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
