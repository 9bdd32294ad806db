import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { Guards } from '../access/guards.js';
import type { Projects } from '../access/projects.js';
import type { Counting } from '../counting/counting.js';
import { MAX_PROJECT_CHARACTERS } from '../intake/limits.js';
import type { Documented } from '../openapi/document-route.js';
import { dayOf, type Zone } from '../rules/day.js';
import type { StoreReader } from '../store/store.js';
import { hasAnswer, tagAnswer, tagOf } from './answer.js';
import { checkZone } from './parameters.js';

/** What every question is asked with. */
export interface Asked {
  /** `null` asks for all projects. */
  readonly project: string | null;
  /** The zone that days are told in. */
  readonly zone: Zone;
  /** Numbered since 1970. */
  readonly today: number;
  /** Every report acknowledged before this moment is counted. */
  readonly asOf: Date;
}

/**
 * Answers a question once what was acknowledged before it is counted, unless the caller has the
 * answer already.
 */
export async function askQuestion<Given>(
  request: FastifyRequest,
  reply: FastifyReply,
  { counting, projects }: StatsParts,
  answer: (asked: Asked) => Promise<Given>,
): Promise<Given> {
  const { project = null, tz } = request.query as { project?: string; tz?: string };
  const zone = projects.zoneOf(project);
  checkZone(tz, zone);
  const asOf = await counting.caughtUp(CATCH_UP_MS);
  const today = dayOf(asOf.getTime(), zone);
  const tag = tagOf(request, { version: counting.version, today, timezone: zone });
  if (hasAnswer(request, tag)) {
    tagAnswer(reply, tag);
    // Fastify takes a reply that was sent for any answer; its types do not.
    return reply.code(304).send() as unknown as Given;
  }
  const given = await answer({ project, zone, today, asOf });
  // Not before: a problem has no tag.
  tagAnswer(reply, tag);
  return given;
}

/** What the questions need. */
export interface StatsParts {
  readonly counting: Pick<Counting, 'caughtUp' | 'version'>;
  readonly projects: Pick<Projects, 'zoneOf'>;
  readonly store: StoreReader;
  readonly now: () => Date;
}

/** What the routes of questions need. */
export interface StatsRouteParts extends StatsParts {
  /** Each of them, in this order, may refuse a request. */
  readonly guards: Guards;
}

/** How long an answer waits for what was acknowledged before it to be counted, in milliseconds. */
export const CATCH_UP_MS = 1000;

/** The query parameter of every question about users. */
export const scopeMembers = {
  project: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: MAX_PROJECT_CHARACTERS,
      description: 'One project; all without it, where a user of two projects counts twice',
    }),
  ),
};

/** What goes for every question whose answer has rows. */
export const DOCUMENTED_ROWS: Documented = {
  problems: ['rate_limited', 'failing'],
  media: {
    'text/csv': {
      type: 'string',
      description: 'The rows, with a head that follows from the question (RFC 4180)',
    },
    'application/x-ndjson': { type: 'string', description: 'The rows, one object a line' },
  },
};

/** What goes for every question that may be answered with 304. */
export const DOCUMENTED_ANSWER: Documented = {
  ...DOCUMENTED_ROWS,
  headers: {
    etag: 'For If-None-Match: 304 is all there is to send until something changes',
    'cache-control': 'no-cache: ask again with If-None-Match before using it again',
    vary: 'Accept chooses the format where ?format= does not',
    'headcount-as-of': 'The same as as_of, for formats that have rows alone',
    'headcount-timezone': 'The same as timezone, for formats that have rows alone',
  },
};
