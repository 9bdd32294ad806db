import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type, type Static, type TNull, type TObject } from 'typebox';
import type { Guards } from '../access/guards.js';
import type { Projects } from '../access/projects.js';
import type { App } from '../app-types.js';
import type { Counting } from '../counting/counting.js';
import { MAX_PROJECT_CHARACTERS } from '../rules/limits.js';
import type { Documented } from '../openapi/answers.js';
import { dayOf, type Zone } from '../rules/day.js';
import type { StoreReader } from '../store/store.js';
import { hasAnswer, NOT_MODIFIED, type Row, tagAnswer, tagOf, writeAs } from './answer.js';
import { checkZone } from './parameters.js';

/** A question about one project or all, asked with `GET`. */
export interface Question<Query extends TObject, Answer extends TObject> {
  readonly path: string;
  /** The summary in the OpenAPI document. */
  readonly summary: string;
  readonly query: Query;
  readonly answer: Answer;
  /** Converts the answer to rows, for the formats without members besides rows. */
  readonly rows: (answer: Static<Answer>) => readonly Row[];
  /** The members of a row, whether or not there are any rows. */
  readonly columns: (answer: Static<Answer>) => readonly string[];
  readonly handler: (asked: Asked, query: Static<Query>) => Promise<Static<Answer>>;
}

/** The context of every question. */
export interface Asked {
  /** `null` asks for all projects. */
  readonly project: string | null;
  /** The zone that days are counted in. */
  readonly zone: Zone;
  /** Numbered since 1970. */
  readonly today: number;
  /** Every report acknowledged before this moment is counted. */
  readonly asOf: Date;
}

/** The parts that handlers of questions need. */
export interface StatsParts {
  readonly counting: Pick<Counting, 'caughtUp' | 'version'>;
  readonly projects: Pick<Projects, 'zoneOf'>;
  readonly store: StoreReader;
  readonly now: () => Date;
}

/** The parts that routes of questions need. */
export interface StatsRouteParts extends StatsParts {
  /** Each of them, in this order, may refuse a request. */
  readonly guards: Guards;
}

/** How long an answer waits until earlier acknowledged reports are counted, in milliseconds. */
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

/** The documentation of every question whose answer has rows. */
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

/** The documentation of every question that may be answered with 304. */
const DOCUMENTED_ANSWER: Documented = {
  ...DOCUMENTED_ROWS,
  headers: {
    etag: 'For If-None-Match: 304 is all there is to send until something changes',
    'cache-control': 'no-cache: ask again with If-None-Match before using it again',
    vary: 'Accept chooses the format where ?format= does not',
    'headcount-as-of': 'The same as as_of, for formats that have rows alone',
    'headcount-timezone': 'The same as timezone, for formats that have rows alone',
    'headcount-unusual': 'The same as unusual, if there are any such days',
  },
};

/**
 * Registers the route of a question. Its handler runs when all reports acknowledged before the
 * request are counted. Formats, ETag and 304 are the same for all questions.
 */
export function defineQuestion<Query extends TObject, Answer extends TObject>(
  app: App,
  parts: StatsRouteParts,
  { path, summary, query, answer, rows, columns, handler }: Question<Query, Answer>,
): void {
  // Widened, since Fastify's types cannot infer the answer of a generic schema.
  const response: Record<200, TObject> & Record<304, TNull> = { 304: NOT_MODIFIED, 200: answer };
  app.get(
    path,
    {
      schema: {
        summary,
        tags: ['stats'],
        querystring: query,
        response,
      },
      config: DOCUMENTED_ANSWER,
      onRequest: parts.guards,
      preSerialization: writeAs(rows, columns),
    },
    // The schema has checked the query; Fastify's types cannot infer a generic one.
    (request, reply) =>
      ask(request, reply, parts, (asked) => handler(asked, request.query as Static<Query>)),
  );
}

type Body = Record<string, unknown>;

/** Answers with 304 if the caller has the answer, else with the result of `answer`. */
async function ask(
  request: FastifyRequest,
  reply: FastifyReply,
  { counting, projects }: StatsParts,
  answer: (asked: Asked) => Promise<Body>,
): Promise<Body> {
  const { project = null, tz } = request.query as { project?: string; tz?: string };
  const zone = projects.zoneOf(project);
  checkZone(tz, zone);
  const asOf = await counting.caughtUp(CATCH_UP_MS);
  const today = dayOf(asOf.getTime(), zone);
  const tag = tagOf(request, { version: counting.version, today, timezone: zone });
  if (hasAnswer(request, tag)) {
    tagAnswer(reply, tag);
    return reply.code(304).send();
  }
  const given = await answer({ project, zone, today, asOf });
  // Only now, since a problem has no ETag.
  tagAnswer(reply, tag);
  return given;
}
