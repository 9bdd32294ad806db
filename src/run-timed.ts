import { isThenable } from './type-guards.js';
/** How something that was run has ended. */
export type TimedOutcome = 'ok' | 'error';

/**
 * Runs a function and tells how long it took and whether it failed; of a promise, until it is
 * settled. What it returns or throws is passed on.
 */
export function runTimed<Result>(
  run: () => Result,
  elapsed: () => number,
  done: (durationMs: number, outcome: TimedOutcome) => void,
): Result {
  const started = elapsed();
  const end = (outcome: TimedOutcome): void => done(elapsed() - started, outcome);
  let result: Result;
  try {
    result = run();
  } catch (error) {
    end('error');
    throw error;
  }
  if (!isThenable(result)) {
    end('ok');
    return result;
  }
  // A promise of the same outcome, which nobody has listened to yet: where the app does not
  // either, a rejection is as unhandled as without us. The cast: awaited, it is the same.
  return Promise.resolve(result).then(
    (value: unknown) => {
      end('ok');
      return value;
    },
    (error: unknown) => {
      end('error');
      throw error;
    },
  ) as Result;
}
