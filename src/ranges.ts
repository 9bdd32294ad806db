/**
 * The greatest value of each number that comes from a disk, the network or the app's clock: files
 * may be damaged, and anybody may answer a request. The least value is always 0.
 */

/** The end of the year 9999: later times have no ISO 8601 form of four digits. */
export const MAX_TIME_MS = 253_402_300_799_999;
/** A longer timer would fire at once: Node keeps its time in 32 bits. */
export const MAX_TIMER_MS = 2 ** 31 - 1;
/** No collector, and no state on disk, makes senders wait longer. */
export const MAX_WAIT_MS = 24 * 60 * 60 * 1000;
/** The greatest value of the options that are intervals. */
export const MAX_INTERVAL_MS = 24 * 60 * 60 * 1000;
/** The longest that a program may wait in its own exit. */
export const MAX_EXIT_BUDGET_MS = 5_000;
/** The greatest pid of any system that Node runs on. */
export const MAX_PID = 2 ** 31 - 1;
/** More failures in a row make no difference. */
export const MAX_FAILURES = 1_000;
/** This package never writes a larger segment. */
export const MAX_SEGMENT_BYTES = 8 * 1024 * 1024;
/** The reports that the name of a segment may count. */
export const MAX_SEGMENT_REPORTS = 100_000;
/** The reports that one entry of the losses, and all of them together, may count. */
export const MAX_LOST = 1_000_000_000;

/** How much may be queued for one endpoint. */
export const OUTBOX_BOUND = {
  maxReports: 1_000,
  maxBytes: 1024 * 1024,
  maxAgeMs: 30 * 24 * 60 * 60 * 1000,
};

/** The whole number from 0 to `most` that is closest to a value; 0 for what is no number. */
export const clamp = (value: unknown, most: number): number =>
  Math.min(Math.max(Math.trunc(Number(value)) || 0, 0), most);

/** Whether a clamped time can be true: a clock or a file that makes no sense gives 0 or the end. */
export const isTime = (ms: number): boolean => ms > 0 && ms < MAX_TIME_MS;
