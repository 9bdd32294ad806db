import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Static, TNull, TObject } from 'typebox';
import { type Askable, openView, viewKey } from '../access/access.js';
import type { Guards, KeyOf } from '../access/guards.js';
import type { App } from '../app-types.js';
import type { Projects } from '../access/projects.js';
import type { Refusals } from '../intake/refusals.js';
import type { Documented } from '../openapi/answers.js';
import { dayOf, DEFAULT_ZONE } from '../rules/day.js';
import { findState } from './asked-state.js';
import { formatOf, hasAnswer, NOT_MODIFIED, tagAnswer, tagOf } from './answer.js';
import {
  accessOf,
  type AskedMoment,
  DOCUMENTED_ROWS,
  type Question,
  type StatsParts,
} from './define-question.js';
import { type DailyCells, withCells } from './daily-cells.js';
import { seenNotes } from './seen-notes.js';
import { checkZone } from './parameters.js';
import type { QuestionDesk } from './question-desk.js';

/** The parts that routes of questions need. */
export interface StatsRouteParts extends StatsParts {
  readonly desk: Pick<QuestionDesk, 'answer'>;
  readonly projects: StatsParts['projects'] & Pick<Projects, 'list' | 'notesOf'>;
  /** The public sees no group of fewer people. */
  readonly k: number;
  /** Since when the collector runs. */
  readonly listeningSince: Date;
  readonly dailyCells: DailyCells;
  readonly refusals: Pick<Refusals, 'flush'>;
  /** The key that the questions of a client are counted under. */
  readonly clientOf: KeyOf;
  /** Each of them, in this order, may refuse a request. */
  readonly guards: Guards;
}

/** The documentation of every question that may be answered with 304. */
const DOCUMENTED_ANSWER: Documented = {
  ...DOCUMENTED_ROWS,
  problems: [...(DOCUMENTED_ROWS.problems ?? []), 'too_costly'],
  headers: {
    etag: 'For If-None-Match: 304 is all there is to send until something changes',
    'cache-control': 'no-cache: ask again with If-None-Match before using it again',
    vary: 'Accept chooses the format where ?format= does not; Authorization or Cookie what is seen',
    'headcount-as-of': 'The same as as_of, for formats that have rows alone',
    'headcount-timezone': 'The same as timezone, for formats that have rows alone',
    'headcount-unusual': 'The same as unusual, if there are any such days',
    'headcount-merged': 'Says what merged does, if the answer has it',
    'headcount-coverage':
      'The same as coverage, if the answer has it, for formats that have rows alone: UTF-8, percent-encoded',
    'headcount-invented': 'true if the answer has invented, for formats that have rows alone',
  },
};

/**
 * Registers the route of a question. It is answered when all reports acknowledged before the request
 * are counted. Formats, ETag and 304 are the same for all questions.
 */
export function registerQuestion<Query extends TObject, Answer extends TObject>(
  app: App,
  parts: StatsRouteParts,
  question: Question<Query, Answer>,
): void {
  const { path, level = 'restricted', summary, query, answer, isOfReceipt = false } = question;
  const {
    publicDimensions = () => [],
    hasMoreThanCells = false,
    tellsAnnotations = false,
    isOfTheMoment = false,
  } = question;
  const askedOf = isOfReceipt ? ofReceipt(parts) : parts;
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
      config: { ...DOCUMENTED_ANSWER, ...accessOf({ path, level }) },
      onRequest: parts.guards,
      // The desk has serialized the answer. Fastify would compile a serializer of its own.
      serializerCompiler: () => String,
    },
    async (request, reply) => {
      // The schema has checked the query; Fastify's types cannot infer a generic one.
      const dimensions = publicDimensions(request.query as Static<Query>);
      const asked = { path, level, dimensions, hasMoreThanCells, tellsAnnotations, isOfTheMoment };
      await ask(asked, request, reply, askedOf);
    },
  );
}

/** Rejections are gathered in memory; the answer must include those before the request. */
function ofReceipt({ counting, projects, refusals, ...parts }: StatsRouteParts): StatsRouteParts {
  return {
    ...parts,
    refusals,
    projects: { ...projects, zoneOf: () => DEFAULT_ZONE },
    counting: {
      caughtUp: async (limitMs) => {
        await refusals.flush();
        return counting.caughtUp(limitMs);
      },
      get version() {
        return counting.version;
      },
    },
  };
}

interface AskedRoute extends Askable {
  /** Those that the public sees. */
  readonly dimensions: readonly string[];
  readonly hasMoreThanCells: boolean;
  readonly tellsAnnotations: boolean;
  readonly isOfTheMoment: boolean;
}

/** What an answer that changes with the time needs. */
function momentOf(
  { listeningSince }: Pick<StatsRouteParts, 'listeningSince'>,
  projects: StatsRouteParts['projects'],
  project: string | null,
): AskedMoment {
  const zone = projects.zoneOf(null);
  const others = project === null ? projects.list() : [];
  const zones = others
    .filter(({ timezone }) => timezone !== zone)
    .map((one) => [one.project, one.timezone]);
  return {
    listeningSince: listeningSince.getTime(),
    zones: Object.fromEntries(zones) as AskedMoment['zones'],
  };
}

/** Answers with 304 if the caller has the answer, else with that of the desk. */
async function ask(
  { dimensions, hasMoreThanCells, tellsAnnotations, isOfTheMoment, ...question }: AskedRoute,
  request: FastifyRequest,
  reply: FastifyReply,
  { access, counting, dailyCells, projects, desk, clientOf, ...parts }: StatsRouteParts,
): Promise<void> {
  const { project = null, tz } = request.query as { project?: string; tz?: string };
  const view = openView(access, request, project, question);
  const zone = projects.zoneOf(project);
  checkZone(tz, zone);
  const { asOf, version, snapshot } = await findState(request, { counting, store: parts.store });
  const today = dayOf(asOf.getTime(), zone);
  const told = projects.toldOf(project);
  const own = {
    ...(tellsAnnotations && {
      annotations: { notes: seenNotes(projects, project, view.level), k: parts.k },
    }),
    ...(isOfTheMoment && { moment: momentOf(parts, projects, project) }),
  };
  const tagBy = (state: string): string =>
    tagOf(request, {
      ...{ version: state, today, timezone: zone },
      view: `${viewKey(view)} ${JSON.stringify({ ...told, ...own })}`,
    });
  const sendNothing = async (tag: string): Promise<void> => {
    tagAnswer(reply, tag);
    await reply.code(304).send();
  };
  // Whoever may not know of every project gets a tag of the answer alone: the version would tell of
  // reports of other projects.
  const mayKnowState = view.seesAll && !isOfTheMoment;
  const current = tagBy(version);
  if (mayKnowState && hasAnswer(request, current)) return sendNothing(current);
  const scope = { project, zone, today, asOf, told, ...own, ...view };
  const asked = await withCells(dailyCells, scope, dimensions, hasMoreThanCells);
  const { body, headers, digest, state } = await desk.answer(
    { path: question.path, asked, query: request.query, format: formatOf(request) },
    { version, client: clientOf(request), snapshot },
  );
  // Without cells, the answer changes though nothing is counted: when they can be kept again.
  const isWhole = asked.cells !== undefined || dimensions.length === 0 || view.level !== 'public';
  // Several servers can be at different states: that of the answer may not be the one above.
  const tag = tagBy(mayKnowState && isWhole ? (state ?? version) : digest);
  if (hasAnswer(request, tag)) return sendNothing(tag);
  // Only now, since a problem has no ETag.
  tagAnswer(reply, tag);
  await reply.headers(headers).send(body);
}
