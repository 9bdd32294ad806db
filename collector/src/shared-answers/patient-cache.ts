import type { CacheLink, OpenLink } from './cache-link.js';

/** Why a cache was no help: it is away, it took too long, or it has refused a value, as when it is full. */
export type CacheFailure = 'down' | 'slow' | 'refused';

/** A cache that is never waited for longer than a bound, and never fails. */
export interface PatientCache {
  /** `undefined` for an unknown name, and while the cache does not help. */
  get(name: string): Promise<Buffer | undefined>;
  /** Does not wait: the value is there later, or not at all. */
  set(name: string, value: Buffer): void;
  /** Since when it does not help, and why; `undefined` while it does. Looks whether it is back. */
  trouble(): CacheTrouble | undefined;
  /** Connects, as far as that succeeds. */
  begin(): Promise<void>;
  close(): void;
}

export interface CacheTrouble {
  readonly kind: CacheFailure;
  readonly since: Date;
  readonly error: unknown;
}

export interface PatientCacheParts {
  readonly open: OpenLink;
  /** A name that is asked for to see whether the cache is back. */
  readonly probeName: string;
  /** How long an answer of the cache is waited for at most, in milliseconds. */
  readonly waitMs: number;
  /** The largest value, in bytes. */
  readonly maxBytes: number;
  /** After how long the cache forgets a value, in milliseconds. */
  readonly keptMs: number;
  readonly now: () => Date;
  /** Milliseconds of a clock that never goes back. */
  readonly monotonicMs: () => number;
  readonly onFailure: (kind: CacheFailure, error: unknown) => void;
  readonly onRecovery: () => void;
}

/** How long the cache is left alone after a failure, in milliseconds: twice as long after each further one. */
const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 30_000;

/** How long a value may take to be written, in milliseconds. Nobody waits for it. */
const WRITE_MS = 2000;

/** Values on their way to the cache; further ones are not kept. */
const MAX_WRITES = 16;

/** Creates the cache. Nothing is connected before it is asked or told to begin. */
export function createPatientCache(parts: PatientCacheParts): PatientCache {
  const { open, probeName, waitMs, maxBytes, keptMs, now, monotonicMs, onFailure, onRecovery } =
    parts;
  let link: CacheLink | undefined;
  let opening: Promise<void> | undefined;
  let trouble: CacheTrouble | undefined;
  let pauseMs = FIRST_PAUSE_MS;
  let pausedUntil = -Infinity;
  let writes = 0;
  let isClosed = false;

  const fail = (kind: CacheFailure, error: unknown): void => {
    trouble = { kind, since: trouble?.since ?? now(), error };
    onFailure(kind, error);
  };
  const rest = (kind: CacheFailure, error: unknown): void => {
    link?.close();
    link = undefined;
    pausedUntil = monotonicMs() + pauseMs;
    pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS);
    fail(kind, error);
  };
  const recover = (): void => {
    if (trouble === undefined) return;
    trouble = undefined;
    onRecovery();
  };
  const connect = async (): Promise<void> => {
    let own: CacheLink | undefined;
    try {
      own = await open((error) => {
        if (link === own) rest('down', error);
      });
    } catch (error) {
      if (!isClosed) rest('down', error);
      return;
    }
    if (isClosed) return own.close();
    link = own;
    // What takes connections may still answer nothing.
    if (trouble !== undefined) void get(probeName);
  };
  /** One attempt at a time, and none during a pause. */
  const connectIfDue = (): void => {
    if (isClosed || link !== undefined || monotonicMs() < pausedUntil) return;
    opening ??= connect().finally(() => (opening = undefined));
  };

  /** Asks a connection, and leaves it if it takes too long. */
  const ask = async <Result>(
    work: (own: CacheLink) => Promise<Result>,
    limitMs: number,
  ): Promise<Result | undefined> => {
    connectIfDue();
    const own = link;
    if (own === undefined) return undefined;
    try {
      const result = await inTime(work(own), limitMs);
      pauseMs = FIRST_PAUSE_MS;
      // One that is full answers too.
      if (trouble?.kind !== 'refused') recover();
      return result;
    } catch (error) {
      // What waited on a connection that was left fails with it, and says nothing new.
      if (link !== own) return undefined;
      if (error instanceof LateError) rest('slow', error);
      else if (!own.isOpen) rest('down', error);
      else fail('refused', error);
      return undefined;
    }
  };
  const get = (name: string): Promise<Buffer | undefined> =>
    ask((own) => own.get(name, maxBytes), waitMs);
  return {
    get,
    set: (name, value) => {
      if (value.length > maxBytes || writes >= MAX_WRITES) return;
      writes++;
      const write = async (own: CacheLink): Promise<void> => {
        await own.set(name, value, keptMs);
        // It has room again.
        recover();
      };
      void ask(write, WRITE_MS).finally(() => writes--);
    },
    trouble: () => {
      connectIfDue();
      return trouble;
    },
    begin: async () => {
      connectIfDue();
      await opening;
    },
    close: () => {
      isClosed = true;
      link?.close();
      link = undefined;
    },
  };
}

class LateError extends Error {
  override readonly name = 'LateError';
}

async function inTime<Result>(work: Promise<Result>, limitMs: number): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      // In a process that was busy itself, the answer may be there and not read yet.
      () => setImmediate(() => setImmediate(() => reject(new LateError('It takes too long.')))),
      limitMs,
    );
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
