import type { Scope } from './scope.js';

export interface RecentQuestion extends Scope {
  /** At most `MAX_RECENT`. */
  readonly limit: number;
}

/** One of the people seen last. */
export interface RecentUser {
  readonly uid: Uint8Array;
  /** In milliseconds since 1970. */
  readonly firstSeen: number;
  /** In milliseconds since 1970. */
  readonly lastSeen: number;
  readonly os: string;
  readonly version: string;
  readonly reports: number;
}
