import type { Logger } from 'pino';
import type { Events } from './metrics/events.js';
import type { OpenedParts } from './opened-parts.js';
import { askedPlace, type CountsPlace } from './store/counts-place.js';
import { openReaderThread } from './store/open-reader-thread.js';
import type { ReaderOperations } from './store/store.js';
import type { ThreadDiedError } from './threads/open-thread.js';
import {
  openSharedAnswers,
  type OpenedSharedAnswers,
  type OpenSharedAnswersOptions,
} from './stats/open-shared-answers.js';
import { openQuestionDesk, type QuestionDesk } from './stats/question-desk.js';

/** What answers questions about the counts. */
export interface OpenedQuestions {
  readonly desk: QuestionDesk;
  /** All questions of the collector's own. */
  readonly store: ReaderOperations;
  /** Answers of other collectors; `undefined` without a cache. */
  readonly shared: OpenedSharedAnswers | undefined;
  /** Resolves when a thread has died. */
  readonly died: Promise<ThreadDiedError>;
}

export interface OpenQuestionsOptions extends Pick<
  OpenSharedAnswersOptions,
  'pepper' | 'circumstances' | 'waitMs' | 'now' | 'monotonicMs'
> {
  readonly counts: CountsPlace;
  /** The node that asks. */
  readonly node: Parameters<typeof askedPlace>[1];
  /** The file of samples of performance. */
  readonly performancePath: string;
  /** The address of the cache; not used where one process has the counts. */
  readonly cache: string | undefined;
  readonly logger: Logger;
  readonly events: Pick<Events, 'onAnswered' | 'onSharingFailure'>;
  readonly keep: OpenedParts['keep'];
}

/** Opens what answers questions. The counts must have a writer. */
export async function openQuestions(options: OpenQuestionsOptions): Promise<OpenedQuestions> {
  const { counts, node, cache, performancePath, events, keep, ...sharing } = options;
  const asked = askedPlace(counts, node);
  const lookups = keep(await openReaderThread(asked));
  const shared =
    cache === undefined || counts.kind === 'sqlite'
      ? undefined
      : keep(
          await openSharedAnswers({
            ...sharing,
            address: cache,
            onFailure: events.onSharingFailure,
          }),
        );
  const desk = keep(
    await openQuestionDesk({ counts: asked, performancePath }, events.onAnswered, shared),
  );
  const store: ReaderOperations = {
    ...lookups,
    ...desk.store,
    // One process knows by itself, at no cost.
    ...(counts.kind === 'sqlite' && { state: () => null }),
    probe: async () => {
      desk.probe();
      await lookups.probe();
    },
  };
  return { desk, store, shared, died: Promise.race([lookups.died, desk.died]) };
}
