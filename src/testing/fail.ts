import { AssertionError } from 'node:assert';

/** What a failed expectation tells. */
export interface Failure {
  /** The function that failed. */
  readonly operator: string;
  /** What happened and what to do, in lines. */
  readonly message: string;
  readonly actual: unknown;
  readonly expected: unknown;
}

/**
 * The error of Node's own `assert`. Every test runner knows it, and shows the difference between
 * `actual` and `expected`.
 */
export const failed = ({ operator, message, actual, expected }: Failure): AssertionError =>
  new AssertionError({ operator, message, actual, expected });
