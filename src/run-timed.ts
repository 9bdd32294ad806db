import { isThenable } from './type-guards.js';

/** Whether a function that was timed has failed. */
export type TimedOutcome = 'ok' | 'error';

/**
 * Runs a function, and calls `done` with how long it took and whether it failed. If it returns a
 * promise, `done` is called when that is settled. Results and errors are passed on.
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
  // A new promise with the same outcome and no listener yet: a rejection that the app does not
  // handle stays unhandled. The cast: awaited, it gives the same value.
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
