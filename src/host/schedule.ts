import {
  MAX_CHILD_WAIT_MS,
  NAME_NOT_FOUND,
  NOTHING_SENT,
  type SendResult,
} from '../delivery/protocol.js';
import { NO_SENDER } from '../delivery/no-sender.js';
import { ownOnly } from '../own-only.js';
import { LAST_UPLOAD } from '../file-names.js';
import type { ResolvedOptions } from '../options.js';
import type { Setup } from '../project/setup.js';
import type { Appender } from '../storage/appender.js';
import type { OpenStorage } from '../storage/open-storage.js';
import type { SenderThreads } from './deferred/sender-threads.js';
import { isIntervalOver } from './exit-interval.js';
import type { HostPlatform } from './host-platform.js';

/** The shortest wait after a failure, also if only this process is the cause. */
const MIN_RETRY_MS = 1_000;

/** Decides when the queue is sent, and whether a thread or a process sends it. */
export interface Schedule {
  /** Tells the schedule that a report was appended. */
  due(): void;
  /** Sends now. Resolves to `undefined` if sending is not allowed. Never rejects. */
  send(): Promise<SendResult | undefined>;
  /** Makes the process wait for the sender's thread, or stops that. */
  hold(held: boolean): void;
  /** When the next attempt is due, in milliseconds since the epoch, if one is planned. */
  nextAttemptMs(): number | undefined;
  /** Stops within `withinMs` and leaves no timer, thread or listener. */
  close(withinMs: number): Promise<void>;
}

/** What a schedule needs of its host. */
export interface ScheduleParts {
  readonly platform: HostPlatform;
  readonly appender: Appender;
  readonly opened: OpenStorage;
  readonly setup: Setup;
  readonly options: ResolvedOptions;
  /** The endpoint is the default, because none is configured. */
  readonly isImplicit: boolean;
  /** No sender may come for these reports: the host keeps the app's record then. */
  readonly hasNoSender: boolean;
  readonly flushIntervalMs: number;
  readonly exitUploadIntervalMs: number;
  /** The wait in the senders' shared delivery state, as far as this process knows. */
  readonly waitMs: () => number;
  /** Called before each attempt, because the user may have opted out since the last one. */
  readonly isOn: () => boolean;
  readonly onResult: (result: SendResult) => void;
}

/**
 * While the process runs, a worker thread sends the queue after `flushIntervalMs`, or at once if
 * it fills a request. If reports are unsent when the process ends, a new process sends them,
 * provided it can reach the outbox. The implicit endpoint gets no such process, and no further
 * attempt here after a failure, since most machines run no collector there.
 */
export function createSchedule(parts: ScheduleParts): Schedule {
  const { platform, appender, opened, isImplicit } = parts;
  let threads: SenderThreads | undefined;
  let hasFresh = false;
  let hasTried = false;
  let lastError: string | undefined;
  let isClosed = false;
  let planned: { readonly atMs: number; readonly cancel: () => void } | undefined;

  /** After the report: it costs more than that. */
  let cancelRemember = parts.hasNoSender ? platform.later(remember, 0) : undefined;

  function remember(): void {
    if (!cancelRemember) return;
    cancelRemember();
    cancelRemember = undefined;
    platform.exit()?.rememberApp(platform.files, opened.folders, parts.setup, parts.options);
  }

  async function send(): Promise<SendResult | undefined> {
    unplan();
    if (!parts.isOn()) return undefined;
    appender.seal();
    hasTried = true;
    hasFresh = false;
    threads ??= platform.deferred()?.sendersFor(platform, opened, parts.setup, parts.options);
    const answered = await (threads?.send(appender.usesMemory || !opened.folders) ?? NOBODY_SENT);
    const result = ownOnly(answered);
    parts.onResult(result);
    lastError = result.error;
    if (lastError !== undefined) planAgain(result);
    return result;
  }

  function unplan(): void {
    planned?.cancel();
    planned = undefined;
  }

  const mayTry = (): boolean => !(isImplicit && lastError !== undefined);

  /** The implicit endpoint is tried at once: no process at exit will try it later. */
  const delayMs = (): number => (isImplicit && !hasTried ? 0 : parts.flushIntervalMs);

  function plan(afterMs: number): void {
    if (planned || !mayTry()) return;
    const atMs = platform.now() + afterMs;
    planned = { atMs, cancel: platform.later(() => void send(), afterMs) };
  }

  /** After a failure, nothing is sent before the time in the shared delivery state. */
  function planAgain({ nextAttemptMs }: SendResult): void {
    unplan();
    const waitMs = nextAttemptMs === undefined ? 0 : nextAttemptMs - platform.now();
    plan(Math.max(parts.flushIntervalMs, waitMs, MIN_RETRY_MS));
  }

  function atExit(): void {
    try {
      remember();
      const isOn = parts.isOn(); // reads the user's choice: an opt-out closes this schedule
      if (isClosed) return;
      appender.seal(); // writes the lines held for a slow disk: no later turn will
      if (appender.usesMemory) platform.exit()?.rescue(opened);
      if (isOn && !isImplicit && isForChild() && mayStart()) {
        hasFresh = platform.exit()?.launchAtExit(parts, threads) !== true;
      }
    } catch {
      return; // the outbox keeps its reports for the next run
    }
  }

  /** Unfailed reports, unless a long wait applies; or a name only the system resolver can find. */
  const isForChild = (): boolean =>
    lastError === NAME_NOT_FOUND ||
    ((hasFresh || isSending()) && parts.waitMs() <= MAX_CHILD_WAIT_MS);

  /** Usually false: another program started a process a few minutes ago. */
  function mayStart(): boolean {
    const { exitUploadIntervalMs: everyMs } = parts;
    if (!opened.folders || everyMs === 0 || appender.usesMemory) return true;
    try {
      const last = platform.files.read(`${opened.folders.state}/${LAST_UPLOAD}`);
      return last === undefined || isIntervalOver(last, platform.now(), everyMs);
    } catch {
      return true; // locked by another program: the exit part decides
    }
  }

  const isSending = (): boolean => threads?.isSending() === true;

  const isBackingOff = (): boolean =>
    planned !== undefined && planned.atMs - platform.now() > parts.flushIntervalMs;

  const cancelExit = platform.onExit(atExit);

  return {
    due() {
      if (!hasFresh && !isImplicit) platform.sender.keep();
      hasFresh = true;
      if (platform.isExiting()) return atExit();
      if (appender.isFull && mayTry() && !isSending() && !isBackingOff()) void send();
      else plan(Math.max(delayMs(), parts.waitMs()));
    },
    send,
    hold: (held) => threads?.hold(held),
    nextAttemptMs: () => planned?.atMs,
    async close(withinMs) {
      isClosed = true;
      remember();
      unplan();
      cancelExit();
      platform.sender.letGo();
      await threads?.close(withinMs);
    },
  };
}

const NOBODY_SENT: SendResult = { ...NOTHING_SENT, error: NO_SENDER };
