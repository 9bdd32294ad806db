import { randomBytes } from 'node:crypto';
import { createTurns } from '../create-turns.js';
import type { Projects } from '../access/projects.js';
import type { Counting } from '../counting/counting.js';
import { notCounted } from '../counting/not-counted.js';
import { ProblemError } from '../errors.js';
import type { ClockGuard } from '../intake/clock-guard.js';
import type { Journal } from '../journal/journal.js';
import {
  addFigures,
  type Cleaning,
  type CleaningFigures,
  type CleaningSelection,
  type CleaningStep,
  NOTHING_CLEANED,
  UNDO_DAYS,
} from '../rules/cleaning.js';
import { DAY_MS } from '../rules/day.js';
import type { ReaderOperations } from '../store/store.js';

export interface CleaningsParts {
  readonly projects: Pick<Projects, 'find' | 'remove' | 'bringBack' | 'refresh'>;
  readonly journal: Pick<Journal, 'append'>;
  readonly counting: Pick<Counting, 'allCounted' | 'failure' | 'isAlive' | 'onCounted'>;
  readonly store: Pick<ReaderOperations, 'cleanings' | 'cleaningPage' | 'projects'>;
  readonly clock: Pick<ClockGuard, 'now'>;
}

/** Takes out data and gives it back, by steps in the journal. */
export interface Cleanings {
  /** Newest first. */
  list(): Promise<readonly Cleaning[]>;
  /** @throws `ProblemError` `not_found` */
  find(id: string): Promise<Cleaning>;
  /** What a cleaning would take out. @throws `ProblemError` `not_found` for an unknown project. */
  rehearse(selection: CleaningSelection): Promise<CleaningFigures>;
  /**
   * Takes out. It waits a moment for the end, and gives the cleaning as it is then.
   *
   * @throws `ProblemError` `not_found` for an unknown project, `cleaning_runs`.
   */
  take(selection: CleaningSelection): Promise<Cleaning>;
  /**
   * Takes out a project with its settings, write key and manifest, likewise.
   *
   * @throws `ProblemError` `not_found` for an unknown project, `cleaning_runs`.
   */
  remove(project: string): Promise<Cleaning>;
  /**
   * Gives back what a cleaning took out, likewise.
   *
   * @throws `ProblemError` `not_found`, `cleaning_runs`, `cannot_undo`.
   */
  undo(id: string): Promise<Cleaning>;
}

/** How long a step may take to be counted, in milliseconds. */
const COUNT_WITHIN_MS = 10_000;

/** How long an answer waits for the end of a step, in milliseconds. */
const FINISH_WITHIN_MS = 2000;

const ID_BYTES = 4;

/** Creates the cleanings: one step at a time. */
export function createCleanings(parts: CleaningsParts): Cleanings {
  const { journal, counting, store, clock, projects } = parts;
  const inTurn = createTurns();

  const countAll = async (purpose: 'read' | 'write'): Promise<void> => {
    if ((await counting.allCounted(COUNT_WITHIN_MS)) !== undefined) return;
    throw notCounted(counting, purpose);
  };
  const list = async (): Promise<readonly Cleaning[]> => {
    await countAll('read');
    return store.cleanings();
  };
  const find = async (id: string): Promise<Cleaning> => {
    const found = (await list()).find((one) => one.id === id);
    if (found === undefined) throw new ProblemError('not_found', 'There is no such cleaning.');
    return found;
  };
  const mustKnow = async ({ project }: CleaningSelection): Promise<void> => {
    if ((await store.projects()).includes(project)) return;
    throw new ProblemError('not_found', 'The project has no counts.');
  };
  const refuseWhileRunning = async (): Promise<void> => {
    const running = (await list()).find(isRunning);
    if (running === undefined) return;
    throw new ProblemError(
      'cleaning_runs',
      `The cleaning ${running.id} is not finished. Try again when it is.`,
    );
  };
  /** Waits until a cleaning has no work left, for a moment. */
  const finished = async (id: string): Promise<Cleaning> => {
    const deadline = performance.now() + FINISH_WITHIN_MS;
    for (;;) {
      const change = nextChange(counting, deadline - performance.now());
      const cleaning = await find(id);
      if (!isRunning(cleaning) || performance.now() >= deadline) return cleaning;
      await change;
    }
  };
  const append = async (step: CleaningStep): Promise<void> => {
    await journal.append([{ kind: 'cleaning', step }]);
    if ((await counting.allCounted(COUNT_WITHIN_MS)) !== undefined) return;
    throw new ProblemError(
      counting.isAlive && counting.failure === null ? 'busy' : 'failing',
      'It is on disk, but not counted yet. Look at the list of cleanings later.',
    );
  };
  const begin = async (
    selection: CleaningSelection,
    also?: (cleaning: string, until: Date) => Promise<void>,
  ): Promise<Cleaning> => {
    await refuseWhileRunning();
    // A project that was counted since the last time is known as such before it is emptied.
    await projects.refresh();
    const id = randomBytes(ID_BYTES).toString('hex');
    const at = clock.now().getTime();
    const until = at + UNDO_DAYS * DAY_MS;
    await append({ step: 'take', id, at, until, selection });
    await also?.(id, new Date(until));
    const cleaning = await finished(id);
    await projects.refresh();
    return cleaning;
  };

  return {
    list,
    find,
    rehearse: async (selection) => {
      await countAll('read');
      await mustKnow(selection);
      let figures = NOTHING_CLEANED;
      let after: Uint8Array | null = null;
      do {
        const page: Awaited<ReturnType<typeof store.cleaningPage>> = await store.cleaningPage({
          selection,
          after,
        });
        figures = addFigures([figures, page.figures]);
        after = page.next;
      } while (after !== null);
      return figures;
    },
    take: (selection) =>
      inTurn(async () => {
        await countAll('write');
        await mustKnow(selection);
        return begin(selection);
      }),
    remove: (project) =>
      inTurn(async () => {
        const selection = { project, days: null, isNew: false, where: null };
        // One that has settings alone has no counts.
        if (projects.find(project) === undefined) await mustKnow(selection);
        return begin(selection, (cleaning, until) =>
          projects.remove(project, { cleaning, until: until.toISOString() }),
        );
      }),
    undo: (id) =>
      inTurn(async () => {
        await countAll('write');
        const cleaning = await find(id);
        await refuseWhileRunning();
        const at = clock.now().getTime();
        refuseUndo(cleaning, at);
        // First, so that a crash in between leaves something to undo.
        await projects.bringBack(id);
        await append({ step: 'undo', id, at });
        const undone = await finished(id);
        await projects.refresh();
        return undone;
      }),
  };
}

const isRunning = ({ state }: Cleaning): boolean => state === 'taking' || state === 'undoing';

function refuseUndo({ state, until, coveredBy }: Cleaning, at: number): void {
  if (state === 'undone') throw new ProblemError('cannot_undo', 'It was undone before.');
  if (state !== 'taken' || at > until) {
    throw new ProblemError(
      'cannot_undo',
      `A cleaning can be undone for ${UNDO_DAYS} days. What this one took out is gone for good.`,
    );
  }
  if (coveredBy.length === 0) return;
  throw new ProblemError(
    'cannot_undo',
    `Later cleanings took the same people: undo ${coveredBy.toReversed().join(', then ')} first.`,
  );
}

/** Resolves when more is counted, or after some milliseconds. */
function nextChange(counting: Pick<Counting, 'onCounted'>, limitMs: number): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      unsubscribe();
      resolve();
    };
    const timer = setTimeout(end, Math.max(0, limitMs));
    const unsubscribe = counting.onCounted(end);
  });
}
