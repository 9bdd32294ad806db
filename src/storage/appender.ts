import type { Platform } from '../platform/platform.js';
import type { HostOutbox } from './open-storage.js';
import type { BoundResult, OutboxBound, OutboxStorage } from './storage.js';

/** Where this process's reports go first. */
export interface Appender {
  /**
   * Adds a line. Where the storage fails, it waits in memory.
   *
   * @returns how many reports were lost to make room
   */
  append(line: string): number;
  /** Ends the open segments, so that they can be claimed. Returns as {@link Appender.append}. */
  seal(): number;
  /** The reports of the open segments. */
  readonly open: number;
  /** Whether the last report has filled a segment, which is sealed now. */
  readonly isFull: boolean;
  /** Whether reports wait in memory that the storage could not take. */
  readonly usesMemory: boolean;
  /** What waits in memory, as far as it fits: for a sender that cannot reach it. */
  takeLines(maxBytes: number): string;
}

/** What an appender takes. */
export interface AppenderParts {
  readonly outbox: HostOutbox;
  readonly memory: Required<OutboxStorage>;
  readonly platform: Pick<Platform, 'elapsed' | 'soon'>;
  readonly bound: OutboxBound;
  /** A segment is sealed when it has so many reports. */
  readonly flushAt: number;
}

/** An append that takes longer is on a network disk, or on one that is busy. */
const SLOW_MS = 5;
/** A disk that failed is left alone for a while. */
const TRIES_AGAIN_AFTER_MS = 1_000;
/** More lines than this wait for no turn to end. */
const MAX_WAITING = 100;
/** Other processes fill the same outbox. */
const LOOKS_EVERY_MS = 1_000;
/** What a sender has claimed makes no room: there is no use in looking with every report. */
const STUCK_LOOKS_EVERY_MS = 50;
const NOTHING: BoundResult = { lost: 0, left: 0 };

/**
 * One synchronous append for each report: what was tracked survives the end of the process. On a
 * disk where that takes too long the lines of one turn of the event loop are appended together
 * after it.
 */
export function createAppender(parts: AppenderParts): Appender {
  const { outbox, memory, platform, bound, flushAt } = parts;
  let isSlow = false;
  let waiting: string[] = [];
  let open = 0;
  /** What was appended since it was last sealed, sealed at once or not. */
  let unsent = 0;
  let isFull = false;
  let hasWritten = false;
  let usesMemory = outbox === memory;
  let triesAgainMs = 0;
  let room = 0;
  let lookedAtMs = -Infinity;
  let isStuck = false;

  /** Writes lines by one append, since a slow disk takes its time for each. */
  function write(lines: readonly string[]): number {
    const startedMs = platform.elapsed();
    const lost = makeRoom(startedMs, lines.length);
    const isFirst = !hasWritten;
    const isSealed = append(lines.length === 1 ? (lines[0] ?? '') : lines.join(''), startedMs);
    // The first one makes the folders of a new home.
    if (!isFirst) isSlow = platform.elapsed() - startedMs > SLOW_MS;
    if (isSealed) room -= lines.length;
    else open += lines.length;
    unsent += lines.length;
    isFull = unsent >= flushAt;
    if (isFull) seal();
    return lost;
  }

  /** Returns whether the lines are a sealed segment already. */
  function append(lines: string, nowMs: number): boolean {
    if (nowMs >= triesAgainMs) {
      try {
        // Most programs report once and end: what they write need not be sealed as they end.
        const isSealed = !hasWritten && outbox.appendSealed?.(lines) === true;
        if (!isSealed) outbox.append(lines);
        hasWritten = true;
        return isSealed;
      } catch {
        triesAgainMs = nowMs + TRIES_AGAIN_AFTER_MS;
      }
    }
    memory.append(lines);
    usesMemory = true;
    return false;
  }

  function flushWaiting(): number {
    const lines = waiting;
    waiting = [];
    return lines.length === 0 ? 0 : write(lines);
  }

  /** Looks into the outbox when there was room for no more, or when others may have filled it. */
  function makeRoom(nowMs: number, forLines: number): number {
    const restMs = open < room ? LOOKS_EVERY_MS : isStuck ? STUCK_LOOKS_EVERY_MS : 0;
    if (nowMs - lookedAtMs < restMs) return 0;
    lookedAtMs = nowMs;
    const limits = { ...bound, maxReports: Math.max(0, bound.maxReports - open - forLines) };
    const stored = attempt(() => outbox.bound?.(limits) ?? NOTHING, NOTHING);
    const inMemory = outbox === memory ? NOTHING : memory.bound(limits);
    room = bound.maxReports - stored.left - inMemory.left;
    isStuck = open >= room;
    const lost = stored.lost + inMemory.lost;
    if (lost > 0) attempt(() => outbox.lose?.(lost), undefined);
    return lost;
  }

  function seal(): void {
    attempt(() => outbox.seal(), undefined);
    memory.seal();
    room -= open;
    open = 0;
    unsent = 0;
  }

  return {
    append(line) {
      isFull = false;
      if (!isSlow) return write([line]);
      waiting.push(line);
      if (waiting.length === 1) platform.soon(() => void flushWaiting());
      return waiting.length < Math.min(MAX_WAITING, flushAt) ? 0 : flushWaiting();
    },
    seal() {
      const lost = flushWaiting();
      seal();
      return lost;
    },
    get open() {
      return open + waiting.length;
    },
    get isFull() {
      return isFull;
    },
    get usesMemory() {
      return usesMemory;
    },
    takeLines(maxBytes) {
      let text = '';
      for (const name of memory.list() as readonly string[]) {
        const segment = memory.claim(name) as string | undefined;
        for (const line of segment?.match(/.+\n/g) ?? []) {
          if (text.length + line.length > maxBytes) return text;
          text += line;
        }
      }
      return text;
    },
  };
}

/** A storage that throws is a storage that could not. */
function attempt<T>(call: () => T, otherwise: T): T {
  try {
    return call();
  } catch {
    return otherwise;
  }
}
