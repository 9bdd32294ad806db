import { setPriority } from 'node:os';
import { workerData } from 'node:worker_threads';
import { createPerformanceFile } from '../performance/performance-file.js';
import type { PerformanceSample } from '../performance/sample.js';
import type { CountsPlace } from '../store/counts-place.js';
import { openReaderOf } from '../store/open-counts.js';
import { isStoreDown } from '../store-down-error.js';
import { READER_OPERATIONS, type ReaderOperations } from '../store/store.js';
import { serveThread } from '../threads/serve-thread.js';
import { createAnswering, type ProblemResult, toProblemResult } from './answer-question.js';
import { answerPerformance, type PerformanceQuestion } from './performance-answer.js';
import { createPinnedReaders } from './pinned-readers.js';
import type { PosedQuestion, QuestionResult } from './answer-question.js';
import { type CellsQuestion, makePublicCells, type PublicCells } from './public-cells.js';

/** How far questions stand back behind reports: by ten steps, the scheduler gives a tenth. */
const NICE = 10;

standBack();

function standBack(): void {
  // On Linux this is the priority of the thread, elsewhere that of the process.
  if (process.platform !== 'linux') return;
  try {
    setPriority(0, NICE);
  } catch {
    // A sandbox refuses it, or the process stands further back already: questions work without.
  }
}

const { counts, performancePath } = workerData as QuestionThreadData;

const reader = await openReaderOf(counts);

const performanceFile = createPerformanceFile(performancePath);

const answer = createAnswering(reader);

const pinned = createPinnedReaders(counts);

const hasReplica = counts.kind === 'postgres' && counts.replica !== undefined;

const answerWithState = async (posed: PosedQuestion): Promise<AnswerWithState> => {
  const { id, state } = await pinned.open();
  try {
    return { state, result: await pinned.get(id).answer(posed) };
  } finally {
    await pinned.release(id);
  }
};

const ofPinned = {
  openSnapshot: () => pinned.open(),
  closeSnapshot: (id: number) => pinned.release(id),
  answerFrom: ({ id, posed }: FromSnapshot<PosedQuestion>): Promise<QuestionResult> =>
    pinned.get(id).answer(posed),
  answerWithState: async (posed: PosedQuestion): Promise<AnswerWithState> => {
    try {
      return await answerWithState(posed);
    } catch (error) {
      if (!isStoreDown(error) || !hasReplica) throw error;
      // The replica went away amid the answer.
      return answerWithState(posed);
    }
  },
  askFrom: ({ id, posed: { name, question } }: FromSnapshot<StoreQuestion>): unknown =>
    pinned.get(id).reader[name](question as never),
};

/** An answer, and the state of the counts that it is of. */
interface AnswerWithState {
  readonly state: string | null;
  readonly result: QuestionResult;
}

interface FromSnapshot<Posed> {
  readonly id: number;
  readonly posed: Posed;
}

interface StoreQuestion {
  readonly name: keyof ReaderOperations;
  readonly question: unknown;
}

const makeCells = async (question: CellsQuestion): Promise<CellsResult> => {
  try {
    return { kind: 'cells', cells: await makePublicCells(reader, question) };
  } catch (caught) {
    return toProblemResult(caught);
  }
};

type CellsResult =
  { readonly kind: 'cells'; readonly cells: PublicCells | undefined } | ProblemResult;

const ofPerformance = {
  keepPerformance: (samples: readonly PerformanceSample[]) => performanceFile.keep(samples),
  dropPerformance: (old: { readonly before: number; readonly isDry: boolean }) =>
    performanceFile.drop(old.before, old.isDry),
  askPerformance: (question: PerformanceQuestion) => answerPerformance(performanceFile, question),
};

/** What a thread of questions is started with. */
export interface QuestionThreadData {
  readonly counts: CountsPlace;
  readonly performancePath: string;
}

/** The operations of a thread of questions. */
export type QuestionOperations = typeof ofPerformance &
  typeof ofPinned & {
    readonly answer: typeof answer;
    readonly makeCells: typeof makeCells;
  } & Record<string, (question: unknown) => unknown>;

const operations = Object.fromEntries(
  READER_OPERATIONS.map((name) => [name, (question: never) => reader[name](question)]),
);

serveThread({ ...operations, ...ofPerformance, ...ofPinned, answer, makeCells }, () => {
  performanceFile.close();
  pinned.close();
  void reader.close();
});
