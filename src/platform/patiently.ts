/** What is done when a file call fails: throw the error, or call again. */
export interface Patience {
  retry<T>(error: unknown, call: () => T): T;
  /** For a text that matters more than the moment: resolves with it once it can be read. */
  readLater<T>(error: unknown, read: () => T): T | Promise<T>;
}

const rethrow = (error: unknown): never => {
  throw error;
};

/** Set on Windows alone, where scanners hold files that were just written. */
export const patience: Patience = { retry: rethrow, readLater: rethrow };

/** Makes a file call; more than once, if {@link patience} says so. */
export function patiently<T>(call: () => T): T {
  try {
    return call();
  } catch (error) {
    return patience.retry(error, call);
  }
}
