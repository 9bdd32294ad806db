import type { Level } from '../access/level.js';
import { ERRORS } from '../errors.js';
import { REPORT_PROBLEMS } from '../intake/documented-bodies.js';
import type { Refusals } from '../intake/refusals.js';
import type { SharingFailure } from '../stats/open-shared-answers.js';
import type { AnsweredQuestion } from '../stats/question-desk.js';
import { createTally, type Sample } from './tally.js';

/** What was counted so far, by labels. */
export interface EventSamples {
  readonly acknowledged: readonly Sample[];
  readonly refused: readonly Sample[];
  readonly limitsHit: readonly Sample[];
  readonly questions: readonly Sample[];
  readonly sharingFailures: readonly Sample[];
  readonly streams: readonly Sample[];
}

/** What is counted where it happens, since no database has it: in memory, from the start on. */
export interface Events {
  /** Counts reports that are on disk. */
  readonly onAcknowledged: (reports: number) => void;
  readonly onAnswered: (answered: AnsweredQuestion) => void;
  readonly onSharingFailure: (kind: SharingFailure) => void;
  readonly onLimitHit: (limit: string) => void;
  /** Counts a stream until the returned function is called. */
  readonly onStream: (level: Level) => () => void;
  /** Counts refusals on their way. */
  readonly watchRefusals: (refusals: Refusals) => Refusals;
  readonly samples: () => EventSamples;
  /** Calls a listener with each further answer. */
  readonly listenToAnswers: (listener: (answered: AnsweredQuestion) => void) => void;
}

/** Creates the counts, all at 0. */
export function createEvents(): Events {
  const acknowledged = createTally();
  const refused = createTally();
  const limitsHit = createTally();
  const questions = createTally();
  const sharingFailures = createTally();
  const streams = createTally();
  const listeners = new Set<(answered: AnsweredQuestion) => void>();
  acknowledged.add({}, 0);
  // Prometheus sees a rise only from a value that was there before.
  for (const reason of REPORT_PROBLEMS) refused.add({ reason }, 0);
  return {
    onAcknowledged: (reports) => acknowledged.add({}, reports),
    onAnswered: (answered) => {
      questions.add({ question: answered.path, outcome: answered.outcome });
      for (const listener of listeners) listener(answered);
    },
    onSharingFailure: (kind) => sharingFailures.add({ reason: kind }),
    onLimitHit: (limit) => limitsHit.add({ limit }),
    onStream: (level) => {
      streams.add({ level });
      return () => streams.add({ level }, -1);
    },
    watchRefusals: (refusals) => ({
      ...refusals,
      add: (code, project) => {
        refused.add({ reason: code in ERRORS ? code : 'other' });
        refusals.add(code, project);
      },
    }),
    samples: () => ({
      acknowledged: acknowledged.samples(),
      refused: refused.samples(),
      limitsHit: limitsHit.samples(),
      questions: questions.samples(),
      sharingFailures: sharingFailures.samples(),
      streams: streams.samples(),
    }),
    listenToAnswers: (listener) => void listeners.add(listener),
  };
}
