import { hasCode } from '../../has-code.js';

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
const RETRIED = ['40P01', '40001'] as const;

/** Whether a transaction may succeed if it begins anew. */
export const isRetried = (error: unknown): boolean =>
  error instanceof RetryError || hasCode(error, ...RETRIED);
