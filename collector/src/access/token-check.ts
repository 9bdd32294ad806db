import type { Caller } from './caller.js';

/** The tokens, as far as they open something. */
export interface TokenCheck {
  /** Who has a token; `undefined` if it is unknown or not valid any more. */
  find(token: string): Caller | undefined;
  /** Who has the token with an ID and the hash of its secret; `undefined` if it is not valid. */
  callerOf(id: string, secret: string): Caller | undefined;
  /** Whether the token with an ID is still valid, and for whom. */
  isCurrent(caller: Caller): boolean;
}
