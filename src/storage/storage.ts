/** A value, or a promise of it. */
export type MaybePromise<T> = T | Promise<T>;

/**
 * Stores small values between runs: the anonymous ID and the user's choice. Values are short
 * texts. No method harms the app: one that throws, rejects or does not answer within 2 seconds has
 * failed, and `status().warnings` has `storage-failed` until it works again. Until the choice can be
 * read, nothing is sent; what cannot be written may be gone in the next run.
 */
export interface KeyValueStorage {
  /**
   * Whether values survive until the next run. If not, reports say that the ID is not persistent.
   *
   * @default true
   */
  readonly isPersistent?: boolean;
  /** The value under a key, or `undefined`. */
  get(key: string): MaybePromise<string | undefined>;
  /** Stores a value and replaces an existing one. */
  set(key: string, value: string): MaybePromise<void>;
  /**
   * Stores a value only if there is none. Returns the stored value: the given one, or the value
   * that another process stored first. Readers must never see a part of the value.
   */
  setIfAbsent(key: string, value: string): MaybePromise<string>;
  /** Removes a key. It is not an error if the key does not exist. */
  remove(key: string): MaybePromise<void>;
}

/** The limits of an outbox. The oldest segments are deleted to make room for new ones. */
export interface OutboxBound {
  readonly maxReports: number;
  readonly maxBytes: number;
  readonly maxAgeMs: number;
}

/** The result of {@link OutboxStorage.bound}. */
export interface BoundResult {
  /** How many reports were deleted to make room. */
  readonly lost: number;
  /** How many reports are still ready or claimed. */
  readonly left: number;
}

/**
 * Stores the queue until a collector has acknowledged the reports: NDJSON text in segments. A
 * segment is open (this process appends to it), then ready, then claimed by one sender, which
 * removes or releases it. No other sender can claim it meanwhile.
 */
export interface OutboxStorage {
  /**
   * Appends one or more lines to this process's open segment; each ends with a newline.
   * Synchronous: after it has returned, the lines survive the end of the process, if this storage
   * can do that.
   */
  append(lines: string): void;
  /** Makes this process's open segment ready to be claimed. Synchronous. */
  seal(): void;
  /** The names of the segments that may be claimed, oldest first. */
  list(): MaybePromise<readonly string[]>;
  /** Claims a segment and reads it; `undefined` if another sender was faster. */
  claim(name: string): MaybePromise<string | undefined>;
  /**
   * Replaces the text of a claimed segment in one step. If it throws or returns `false`, because
   * the segment has changed, nothing of the segment is sent now.
   */
  rewrite(name: string, text: string): MaybePromise<void | false>;
  /** Deletes a claimed segment. */
  remove(name: string): MaybePromise<void>;
  /** Makes a claimed segment ready again. */
  release(name: string): MaybePromise<void>;
  /**
   * Removes the oldest segments until the rest is within the limits. Synchronous. Headcount does
   * not limit an outbox without this method.
   */
  bound?(limits: OutboxBound): BoundResult;
  /** Adds to the total number of reports that this install has lost. Synchronous. */
  lose?(reports: number): void;
  /** The total of {@link OutboxStorage.lose}. */
  lostTotal?(): MaybePromise<number>;
}

/**
 * A custom storage for the option `storage`. Without an `outbox`, the queue is kept in memory, and
 * reports that are unsent when the process ends are lost.
 */
export interface Storage extends KeyValueStorage {
  readonly outbox?: OutboxStorage;
}

/**
 * Stored instead of an ID after `forget`: the next ID is then random, not made from the machine.
 */
export const FORGOTTEN_ID = 'forgotten';
