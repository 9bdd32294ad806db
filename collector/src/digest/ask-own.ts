import type { Projects } from '../access/projects.js';
import type { Counting } from '../counting/counting.js';
import type { Refusals } from '../intake/refusals.js';
import type { Ask } from '../morning/ask-morning.js';
import { dayOf, DEFAULT_ZONE } from '../rules/day.js';
import { CATCH_UP_MS } from '../stats/define-question.js';
import type { QuestionDesk } from '../stats/question-desk.js';
import { seenNotes } from '../stats/seen-notes.js';

export interface OwnAskParts {
  readonly counting: Pick<Counting, 'caughtUp' | 'version'>;
  readonly projects: Pick<Projects, 'zoneOf' | 'toldOf' | 'list' | 'notesOf'>;
  readonly desk: Pick<QuestionDesk, 'answer'>;
  readonly refusals: Pick<Refusals, 'flush'>;
  /** The public sees no group of fewer people. */
  readonly k: number;
  readonly listeningSince: Date;
  /** Ends the questions. */
  readonly signal: AbortSignal;
}

/** The level that a digest is written for: operators, who see no single person. */
const LEVEL = 'developer';

/** The question about reports as they were received, whose days are by UTC. */
const OF_RECEIPT = '/v1/stats/quality';

/** Asks the collector from within, as a developer with a token would. */
export function createOwnAsk(parts: OwnAskParts): Ask {
  const { counting, projects, desk, refusals, k, listeningSince, signal } = parts;
  return async (path, isExpected) => {
    signal.throwIfAborted();
    const { pathname, searchParams } = new URL(path, 'http://collector');
    const query = Object.fromEntries(searchParams);
    const project = query['project'] ?? null;
    const isOfReceipt = pathname === OF_RECEIPT;
    if (isOfReceipt) await refusals.flush();
    const asOf = await counting.caughtUp(CATCH_UP_MS);
    const zone = isOfReceipt ? DEFAULT_ZONE : projects.zoneOf(project);
    const { body } = await desk.answer(
      {
        ...{ path: pathname, query, format: 'json' },
        asked: {
          ...{ project, zone, asOf, today: dayOf(asOf.getTime(), zone) },
          ...{ level: LEVEL, visibility: 'detailed', among: null, seesAll: true },
          told: projects.toldOf(project),
          annotations: { notes: seenNotes(projects, project, LEVEL), k },
          moment: { listeningSince: listeningSince.getTime(), zones: {} },
        },
      },
      { version: counting.version, client: undefined },
    );
    const answer: unknown = JSON.parse(new TextDecoder().decode(body));
    if (isExpected(answer)) return answer;
    throw new Error(`The answer to ${pathname} is not what it should be.`);
  };
}
