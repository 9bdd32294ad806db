import type { Cause } from './cause.js';

/** Why a day may be as it is. */
export interface Reason {
  readonly kind: 'counting_problem' | 'values' | 'spread' | 'unclear';
  /** In English. */
  readonly text: string;
  /** What the text says. */
  readonly code: string;
  readonly values: Cause['values'];
  /** Who has all of these has the change. */
  readonly where: readonly { readonly dimension: string; readonly value: string }[];
  /** About which share of the change lies there. */
  readonly share: number | null;
}
