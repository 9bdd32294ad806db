import type { Platform } from '../platform/platform.js';
import type { HostOutbox } from './open-storage.js';
import type { BoundResult, OutboxBound, OutboxStorage } from './storage.js';

/** Adds this process's reports to the queue. */
export interface Appender {
  /** Adds a line. If the storage fails, the line stays in memory. */
  append(line: string): void;
  /** Seals the open segments, so that senders can claim them. */
  seal(): void;
  /** How many reports the open segments have. */
  readonly open: number;
  /** Whether the last report has filled a segment. That segment is now sealed. */
  readonly isFull: boolean;
  /** Whether any report is in memory, because the storage failed. */
  readonly usesMemory: boolean;
}

/** What an appender needs. */
export interface AppenderParts {
  readonly outbox: HostOutbox;
  readonly memory: Required<OutboxStorage>;
  readonly platform: Pick<Platform, 'elapsed' | 'soon'>;
  readonly bound: OutboxBound;
  /** A segment is sealed when it has this many reports. */
  readonly flushAt: number;
  /** Called with the number of reports that were deleted to make room, also after a turn. */
  readonly onLost: (reports: number) => void;
}

/** A longer append means a network disk or a busy one. */
const SLOW_MS = 5;
/** How long the appender avoids a disk after a failure. */
const TRIES_AGAIN_AFTER_MS = 1_000;
/** This many held lines are written at once, before the turn ends. */
const MAX_WAITING = 100;
/** The outbox is measured this often, because other processes add to it. */
const LOOKS_EVERY_MS = 1_000;
/** As above for a full outbox. Claimed segments cannot make room, so checking rarely is enough. */
const STUCK_LOOKS_EVERY_MS = 50;
const NOTHING: BoundResult = { lost: 0, left: 0 };

/**
 * Appends each report synchronously, so that it survives the end of the process. On a slow disk,
 * the lines of one turn of the event loop are appended together after that turn.
 */
export function createAppender(parts: AppenderParts): Appender {
  const { outbox, memory, platform, bound, flushAt, onLost } = parts;
  let isSlow = false;
  let waiting: string[] = [];
  let open = 0;
  /** How many reports were appended since the last seal, including those of sealed segments. */
  let unsent = 0;
  let isFull = false;
  let hasWritten = false;
  let usesMemory = outbox === memory;
  let triesAgainMs = 0;
  let room = 0;
  let lookedAtMs = -Infinity;
  let isStuck = false;

  /** Writes all lines in one append, because each append to a slow disk takes long. */
  function write(lines: readonly string[]): void {
    const startedMs = platform.elapsed();
    makeRoom(startedMs, lines.length);
    const isFirst = !hasWritten;
    const isSealed = append(lines.length === 1 ? (lines[0] ?? '') : lines.join(''), startedMs);
    // The first append may be slow because it creates the folders of a new home.
    if (!isFirst) isSlow = platform.elapsed() - startedMs > SLOW_MS;
    if (isSealed) room -= lines.length;
    else open += lines.length;
    unsent += lines.length;
    isFull = unsent >= flushAt;
    if (isFull) seal();
  }

  /** Returns whether the lines were written as a sealed segment. */
  function append(lines: string, nowMs: number): boolean {
    if (nowMs >= triesAgainMs) {
      try {
        // Most programs report once and end. A sealed segment saves them the seal at exit.
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

  function flushWaiting(): void {
    const lines = waiting;
    waiting = [];
    if (lines.length > 0) write(lines);
  }

  /** Measures the outbox if it was full, or if other processes may have filled it. */
  function makeRoom(nowMs: number, forLines: number): void {
    const restMs = open < room ? LOOKS_EVERY_MS : isStuck ? STUCK_LOOKS_EVERY_MS : 0;
    if (nowMs - lookedAtMs < restMs) return;
    lookedAtMs = nowMs;
    const limits = { ...bound, maxReports: Math.max(0, bound.maxReports - open - forLines) };
    const stored = attempt(() => outbox.bound?.(limits) ?? NOTHING, NOTHING);
    const inMemory = outbox === memory ? NOTHING : memory.bound(limits);
    room = bound.maxReports - stored.left - inMemory.left;
    isStuck = open >= room;
    const lost = stored.lost + inMemory.lost;
    if (lost === 0) return;
    attempt(() => outbox.lose?.(lost));
    onLost(lost);
  }

  function seal(): void {
    attempt(() => outbox.seal());
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
      if (waiting.length === 1) platform.soon(flushWaiting);
      if (waiting.length >= Math.min(MAX_WAITING, flushAt)) flushWaiting();
    },
    seal() {
      flushWaiting();
      seal();
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
  };
}

/** Calls a storage. If it throws, returns `otherwise`. */
function attempt<T>(call: () => T, otherwise: T): T;
function attempt(call: () => void): void;
function attempt<T>(call: () => T, otherwise?: T): T | undefined {
  try {
    return call();
  } catch {
    return otherwise;
  }
}
