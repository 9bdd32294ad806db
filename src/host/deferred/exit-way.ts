import type { ResolvedOptions } from '../../options.js';
import type { NoChildReason, Platform } from '../../platform/platform.js';
import type { OpenStorage } from '../../storage/open-storage.js';

/** How reports leave when the program ends, as far as that is known without trying. */
export interface ExitWay {
  /** Why no process is started. */
  readonly obstacle: NoChildReason | undefined;
  /** Whether a thread may send, while the program waits. */
  readonly canWait: boolean;
  /** A process is started, and may end with this container before it has sent. */
  readonly mayEndEarly: boolean;
}

/** See {@link ExitWay}. The only place that decides it, for `status()` and `diagnose()`. */
export function exitWay(
  { kind }: Pick<OpenStorage, 'kind'>,
  { exitBudgetMs }: Pick<ResolvedOptions, 'exitBudgetMs'>,
  { sender }: Pick<Platform, 'sender'>,
): ExitWay {
  // A thread that asks for the app's storage would wait for the app, which waits for the thread.
  if (kind === 'custom') return { obstacle: 'own-storage', canWait: false, mayEndEarly: false };
  const mayWait = exitBudgetMs > 0 && sender.hasThreads();
  const obstacle = sender.childObstacle(mayWait);
  const canWait = mayWait && obstacle !== 'no-sender'; // the part that would wait is missing too
  const mayEndEarly = obstacle === undefined && sender.childObstacle(true) !== undefined;
  return { obstacle, canWait, mayEndEarly };
}
