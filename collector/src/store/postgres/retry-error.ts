/** Another node has changed something meanwhile: the transaction has to begin anew. */
export class RetryError extends Error {
  override readonly name = 'RetryError';

  /** @param alone - Whether the next attempt has to count while no other node does. */
  constructor(
    message: string,
    readonly alone = false,
  ) {
    super(message);
  }
}

/** Of a deadlock, and of a transaction that could not be put in an order. */
const RETRIED = new Set(['40P01', '40001']);

/** Whether a transaction may succeed if it begins anew. */
export const isRetried = (error: unknown): boolean =>
  error instanceof RetryError ||
  (error instanceof Error && 'code' in error && RETRIED.has(String(error.code)));
