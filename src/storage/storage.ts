/** A value now or later. */
export type MaybePromise<T> = T | Promise<T>;

/**
 * Where small things are kept between runs: the anonymous ID and the user's choice. Values are
 * short texts. Any method may throw or reject: the program goes on as if nothing were stored.
 */
export interface KeyValueStorage {
  /**
   * Whether the next run will find what this one stores. An ID in a storage that forgets is
   * reported as not kept.
   *
   * @default true
   */
  readonly isPersistent?: boolean;
  /** The value under a key, or `undefined`. */
  get(key: string): MaybePromise<string | undefined>;
  /** Stores a value, replacing what was there. */
  set(key: string, value: string): MaybePromise<void>;
  /**
   * Stores a value only where there is none, and answers with the one that is stored now: its own,
   * or that of another process which came first. All of the value must appear at once.
   */
  setIfAbsent(key: string, value: string): MaybePromise<string>;
  /** Removes a key. Removing one that is not there is no error. */
  remove(key: string): MaybePromise<void>;
}

/** How much may wait. The oldest segments make room for new ones. */
export interface OutboxBound {
  readonly maxReports: number;
  readonly maxBytes: number;
  readonly maxAgeMs: number;
}

/** What is left after {@link OutboxStorage.bound}, and what that cost. */
export interface BoundResult {
  /** How many reports were lost to make room. */
  readonly lost: number;
  /** How many reports are ready or claimed still. */
  readonly left: number;
}

/**
 * Where reports wait until a collector has acknowledged them: NDJSON text in segments. A segment
 * is open (this process appends to it), then ready, then claimed by the one sender that will
 * remove or release it. Whoever else asks for a claimed segment gets nothing.
 */
export interface OutboxStorage {
  /**
   * Adds one line, or several at once, to this process's open segment; each ends with a newline.
   * Synchronous: once it has returned, they survive the end of the process, as far as this storage
   * can.
   */
  append(lines: string): void;
  /** Ends this process's open segment, which makes it ready to be claimed. Synchronous. */
  seal(): void;
  /** The names of the segments that may be claimed, oldest first. */
  list(): MaybePromise<readonly string[]>;
  /** Takes a segment for oneself and reads it; `undefined` where another was faster. */
  claim(name: string): MaybePromise<string | undefined>;
  /** Replaces the text of a claimed segment, all at once. */
  rewrite(name: string, text: string): MaybePromise<void>;
  /** Acknowledges a claimed segment: it is gone for good. */
  remove(name: string): MaybePromise<void>;
  /** Gives a claimed segment back, to be claimed again. */
  release(name: string): MaybePromise<void>;
  /**
   * Removes the oldest segments that are over the bound. Synchronous. An outbox without it is
   * bounded by whoever wrote it.
   */
  bound?(limits: OutboxBound): BoundResult;
  /** Adds to the running total of reports this install has lost. Synchronous. */
  lose?(reports: number): void;
  /** The running total of {@link OutboxStorage.lose}. */
  lostTotal?(): MaybePromise<number>;
}

/**
 * What the option `storage` takes: both contracts, or the first alone. Without an outbox of its
 * own, reports wait in memory, and what was not sent when the process ends is lost.
 */
export interface Storage extends KeyValueStorage {
  readonly outbox?: OutboxStorage;
}

/** What is kept there after the user was forgotten: the next ID comes from no machine. */
export const FORGOTTEN_ID = 'forgotten';
