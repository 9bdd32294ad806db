/** What the third source is made of. */
export interface TimeSources {
  now(): number;
  /** Nanoseconds of a monotonic clock. */
  hrtime(): bigint;
  readonly pid: number;
  randomBytes(count: number): Uint8Array;
  /** Throws for an algorithm the system forbids. */
  hash(algorithm: 'md5' | 'sha256', text: string): string;
}

/**
 * An ID from the moment, 16 hex digits: MD5 over timestamp, monotonic clock, pid and 16 random
 * bytes. (MD5 of a bare millisecond collides: about 11 000 first runs a day give a 50 % chance.)
 * Under FIPS, where MD5 throws, SHA-256 cut to the same length.
 */
export function timeId(sources: TimeSources): string {
  const { pid } = sources;
  const moment = [sources.now(), sources.hrtime(), pid, sources.randomBytes(16).join()].join(':');
  try {
    return sources.hash('md5', moment).slice(0, 16);
  } catch {
    return sources.hash('sha256', moment).slice(0, 16); // FIPS
  }
}
