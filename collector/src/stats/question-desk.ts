import { availableParallelism } from 'node:os';
import { ProblemError } from '../errors.js';
import type { DroppedSamples, FoundFile } from '../performance/performance-file.js';
import type { PerformanceSample } from '../performance/sample.js';
import {
  LOOKUPS,
  type Questioning,
  READER_OPERATIONS,
  type ReaderOperations,
} from '../store/store.js';
import type { ThreadDiedError } from '../threads/open-thread.js';
import type { SharedAnswers } from './shared-answers.js';
import type { Written } from './answer.js';
import { createAnswerCache } from './answer-cache.js';
import type { PosedQuestion, QuestionResult } from './answer-question.js';
import type { DeskSnapshot } from './desk-snapshot.js';
import { askWhileFull } from './ask-while-full.js';
import { createFairQueue, type QueueLimits } from './fair-queue.js';
import { type Held, holdOn } from './hold-on.js';
import { keyOfAnswer } from './key-of-answer.js';
import { openQuestionThreads } from './open-question-threads.js';
import type { CellsQuestion, PublicCells } from './public-cells.js';
import type { PerformanceQuestion, PerformanceResult } from './performance-answer.js';
import type { QuestionThreadData } from './question-thread.js';

/** An answer, and the state of the counts that it was computed from. */
export interface AnswerOfState extends Written {
  /** See `StoreReader.state()`. */
  readonly state: string | null;
}

/** Where a question comes from, and from when its answer is. */
export interface Circumstances {
  /** Changes with every report that is counted. The answer may be of a state beside it. */
  readonly version: string;
  /** The key of the client; `undefined` for this machine. */
  readonly client: string | undefined;
  /** The state that it is answered from; the current one without it. */
  readonly snapshot?: DeskSnapshot | undefined;
}

/** A question that was answered, or was not. */
export interface AnsweredQuestion {
  /** The path of its route. */
  readonly path: string;
  /**
   * Whether the answer was computed, was there already, or another collector had computed it; or why there is none: no thread was free,
   * it was about too much, it was not valid, or something is broken.
   */
  readonly outcome: 'computed' | 'reused' | 'shared' | 'busy' | 'too_costly' | 'invalid' | 'failed';
  /** How long it took, in milliseconds. */
  readonly ms: number;
}

/** Samples of performance. One thread has their file, and is never kept from other questions. */
export interface PerformanceDesk {
  keep(samples: readonly PerformanceSample[]): Promise<FoundFile>;
  drop(before: number, isDry: boolean): Promise<DroppedSamples>;
  /** @throws `ProblemError` `busy` */
  ask(question: PerformanceQuestion, client?: string): Promise<PerformanceResult>;
}

/**
 * Answers questions in threads of their own: their cost holds up neither reports nor the health of
 * the collector, and one client's questions do not hold up another's.
 */
export interface QuestionDesk {
  /**
   * Questions that are the same at the same time are computed once, and their answers are used again
   * within the same second until more is counted.
   *
   * @throws `ProblemError`: that of the question, or `busy`.
   */
  answer(posed: PosedQuestion, circumstances: Circumstances): Promise<AnswerOfState>;
  /**
   * Holds the current state of the counts.
   *
   * @param client - The key of the client.
   * @throws `ProblemError` `busy`
   */
  openSnapshot(client: string | undefined): Promise<DeskSnapshot>;
  /** Makes what the public sees of a dimension. @throws `ProblemError`: `too_costly` or `busy` */
  makeCells(question: CellsQuestion): Promise<PublicCells | undefined>;
  /** Questions of the collector's own, such as its streams and lists. */
  readonly store: Questioning;
  readonly performance: PerformanceDesk;
  /** @throws `ThreadDiedError` if a thread has died. */
  probe(): void;
  /** Resolves when a thread has died. */
  readonly died: Promise<ThreadDiedError>;
  close(): Promise<void>;
}

/** More threads would take memory, and each can keep a core busy. */
const MAX_THREADS = 4;

const LIMITS: QueueLimits = { jobs: 128, jobsOfClient: 32, waitMs: 5000, refuseAfterMs: 250 };

const CACHE_BYTES = 8 * 1024 ** 2;

/** Clients by address have other keys. */
const THIS_MACHINE = 'this machine';
const COLLECTOR = 'the collector';

/**
 * Opens the threads. The counts must have a writer.
 *
 * @param paths - Where the counts and the samples are.
 * @param onAnswered - Called after each question.
 * @param shared - Answers that collectors have from each other.
 */
export async function openQuestionDesk(
  paths: QuestionThreadData,
  onAnswered: (answered: AnsweredQuestion) => void = () => undefined,
  shared?: SharedAnswers,
): Promise<QuestionDesk> {
  const count = Math.min(Math.max(1, availableParallelism() - 1), MAX_THREADS);
  const threads = await openQuestionThreads(count, paths);
  const queue = askWhileFull(createFairQueue(threads, LIMITS), LIMITS.waitMs);
  const cache = createAnswerCache<AnswerOfState>(CACHE_BYTES);

  const [first] = threads;
  if (first === undefined) throw new Error('There is no thread of questions.');

  const died = Promise.race(threads.map((thread) => thread.died));
  let dead: ThreadDiedError | undefined;
  void died.then((error) => (dead = error));

  const held = new WeakMap<DeskSnapshot, Held>();
  const compute = async (
    posed: PosedQuestion,
    client: string,
    snapshot: DeskSnapshot | undefined,
  ): Promise<AnswerOfState> => {
    const place = snapshot && held.get(snapshot);
    if (place !== undefined) {
      const result = await place.run(client, (thread, id) =>
        thread.call('answerFrom', { id, posed }),
      );
      return { ...toWritten(result), state: snapshot?.state ?? null };
    }
    if (paths.counts.kind === 'sqlite') {
      const result = await queue.run(client, (thread) => thread.call('answer', posed));
      return { ...toWritten(result), state: null };
    }
    const { state, result } = await queue.run(client, (thread) =>
      thread.call('answerWithState', posed),
    );
    return { ...toWritten(result), state };
  };
  const operations = READER_OPERATIONS.filter((name) => !isLookup(name)).map((name) => {
    const ask = (question: unknown): Promise<unknown> =>
      queue.run(COLLECTOR, (thread) => thread.call(name, question));
    return [name, ask] as const;
  });
  return {
    answer: async (posed, { version, client = THIS_MACHINE, snapshot }) => {
      const startedMs = performance.now();
      let outcome: AnsweredQuestion['outcome'] = 'reused';
      try {
        return await cache.get(
          keyOfAnswer(posed, version),
          async () => {
            const found = await shared?.find(posed, version);
            outcome = found ? 'shared' : 'computed';
            if (found) return { ...found, state: version };
            const answer = await compute(posed, client, snapshot);
            if (answer.state !== null) shared?.keep(posed, answer.state, answer);
            return answer;
          },
          ({ state }) => state === null || state === version,
        );
      } catch (error) {
        outcome = outcomeOf(error);
        throw error;
      } finally {
        onAnswered({ path: posed.path, outcome, ms: performance.now() - startedMs });
      }
    },
    // The threads serve the same list by the same types; `fromEntries` cannot tell.
    store: Object.fromEntries(operations) as unknown as Questioning,
    performance: {
      keep: (samples) => first.call('keepPerformance', samples),
      drop: (before, isDry) => first.call('dropPerformance', { before, isDry }),
      ask: async (question, client = THIS_MACHINE) =>
        queue.run(client, () => first.call('askPerformance', question)),
    },
    openSnapshot: async (client = THIS_MACHINE) => {
      const [thread, { id, state }] = await queue.run(
        client,
        async (one) => [one, await one.call('openSnapshot', undefined)] as const,
      );
      const place = holdOn(queue, thread, id);
      const ask = (name: keyof ReaderOperations, question: unknown): Promise<unknown> =>
        place.run(client, () => thread.call('askFrom', { id, posed: { name, question } }));
      const store = READER_OPERATIONS.map(
        (name) => [name, (question: unknown) => ask(name, question)] as const,
      );
      const snapshot: DeskSnapshot = {
        state,
        // The thread serves the same list by the same types; `fromEntries` cannot tell.
        store: Object.fromEntries(store) as unknown as ReaderOperations,
        close: () => place.close(),
      };
      held.set(snapshot, place);
      return snapshot;
    },
    makeCells: async (question) => {
      const result = await queue.run(COLLECTOR, (thread) => thread.call('makeCells', question));
      if (result.kind === 'cells') return result.cells;
      throw new ProblemError(result.code, result.detail, result.extensions);
    },
    probe: () => {
      if (dead !== undefined) throw dead;
    },
    died,
    close: async () => void (await Promise.all(threads.map((thread) => thread.close()))),
  };
}

function toWritten(result: QuestionResult): Written {
  if (result.kind === 'answer') return result;
  throw new ProblemError(result.code, result.detail, result.extensions);
}

function outcomeOf(error: unknown): AnsweredQuestion['outcome'] {
  if (!(error instanceof ProblemError)) return 'failed';
  return error.code === 'busy' || error.code === 'too_costly' ? error.code : 'invalid';
}

const isLookup = (name: string): boolean => (LOOKUPS as readonly string[]).includes(name);
