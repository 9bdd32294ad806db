// Apart, for esbuild replaces the constants of a file without imports by their values.
export const DAY_MS = 86_400_000;
export const FIRST_WAIT_MS = 1_000;
export const LONGEST_WAIT_MS = 3_600_000;
export const REQUEST_TIMEOUT_MS = 10_000;
/** A storage that has not answered by then counts as one that cannot be read or written. */
export const STORAGE_TIMEOUT_MS = 3_000;
/** The statuses of a collector that mean more than a failure. */
export const RETIRED = 410;
export const TOO_LARGE = 413;
