import {
  MAX_CHILD_WAIT_MS,
  NAME_NOT_FOUND,
  NOTHING_SENT,
  type SendResult,
} from '../delivery/protocol.js';
import { LAST_UPLOAD } from '../file-names.js';
import type { ResolvedOptions } from '../options.js';
import type { Setup } from '../project/setup.js';
import type { Appender } from '../storage/appender.js';
import type { OpenStorage } from '../storage/open-storage.js';
import type { SenderThreads } from './deferred/sender-threads.js';
import { isIntervalOver } from './exit-interval.js';
import type { HostPlatform } from './host-platform.js';

/** An attempt that failed for a reason of this process alone is not repeated sooner. */
const MIN_RETRY_MS = 1_000;

/** Decides when the queue is sent, and by whom. */
export interface Schedule {
  /** Something was appended. */
  due(): void;
  /** Sends now. `undefined` where nothing may be sent. Never rejects. */
  send(): Promise<SendResult | undefined>;
  /** Makes the process wait for the sender's thread, or not any longer. */
  hold(held: boolean): void;
  /** When the next attempt is due, in milliseconds since the epoch, if one is planned. */
  nextAttemptMs(): number | undefined;
  /** Stops within that time: no timer, thread or listener is left. */
  close(withinMs: number): Promise<void>;
}

/** What a schedule needs of its host. */
export interface ScheduleParts {
  readonly platform: HostPlatform;
  readonly appender: Appender;
  readonly opened: OpenStorage;
  readonly setup: Setup;
  readonly options: ResolvedOptions;
  /** Nobody has named the endpoint. */
  readonly isImplicit: boolean;
  readonly flushIntervalMs: number;
  readonly exitUploadIntervalMs: number;
  /** How long the senders of this install have agreed to wait, as far as this process knows. */
  readonly waitMs: () => number;
  /** Asked again before each attempt: the user may have opted out meanwhile. */
  readonly isOn: () => boolean;
  readonly onResult: (result: SendResult) => void;
  readonly onLost: (reports: number) => void;
}

/**
 * While the process lives, a worker thread sends what was queued for `flushIntervalMs`, or at once
 * what fills a request. When it ends with something unsent, a process of its own takes over, if
 * the outbox is one that a process can reach; the implicit endpoint gets no such process, and
 * nothing more in this one once it has failed, since most machines run no collector there.
 */
export function createSchedule(parts: ScheduleParts): Schedule {
  const { platform, appender, opened, isImplicit } = parts;
  let threads: SenderThreads | undefined;
  let hasFresh = false;
  let hasTried = false;
  let lastError: string | undefined;
  let isClosed = false;
  let planned: { readonly atMs: number; readonly cancel: () => void } | undefined;

  async function send(): Promise<SendResult | undefined> {
    unplan();
    if (!parts.isOn()) return undefined;
    parts.onLost(appender.seal());
    hasTried = true;
    hasFresh = false;
    threads ??= platform.deferred()?.sendersFor(platform, opened, parts.setup, parts.options);
    const result = await (threads?.send(appender.usesMemory || !opened.folders) ?? NO_SENDER);
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

  /** The implicit endpoint is tried at once: it gets no process at exit, which could do it later. */
  const delayMs = (): number => (isImplicit && !hasTried ? 0 : parts.flushIntervalMs);

  function plan(afterMs: number): void {
    if (planned || !mayTry()) return;
    const atMs = platform.now() + afterMs;
    planned = { atMs, cancel: platform.later(() => void send(), afterMs) };
  }

  /** After a failure everything waits for the time the senders have agreed on. */
  function planAgain({ nextAttemptMs }: SendResult): void {
    unplan();
    const waitMs = nextAttemptMs === undefined ? 0 : nextAttemptMs - platform.now();
    plan(Math.max(parts.flushIntervalMs, waitMs, MIN_RETRY_MS));
  }

  function atExit(): void {
    try {
      const isOn = parts.isOn(); // asks for the user's choice: an opt-out closes this
      if (isClosed) return;
      appender.seal(); // lines for a slow disk wait for the end of a turn that does not come
      if (isOn && !isImplicit && isForChild() && mayStart()) {
        hasFresh = platform.exit()?.launchAtExit(parts) !== true;
      }
    } catch {
      return; // the outbox keeps what it has for the next run
    }
  }

  /** What has not failed yet, unless all are to wait; and a name that only the system can find. */
  const isForChild = (): boolean =>
    lastError === NAME_NOT_FOUND ||
    ((hasFresh || isSending()) && parts.waitMs() <= MAX_CHILD_WAIT_MS);

  /** The usual program ends here: a process was started for another a few minutes ago. */
  function mayStart(): boolean {
    const { exitUploadIntervalMs: everyMs } = parts;
    if (!opened.folders || everyMs === 0 || appender.usesMemory) return true;
    const last = platform.files.read(`${opened.folders.state}/${LAST_UPLOAD}`);
    return last === undefined || isIntervalOver(Number(last), platform.now(), everyMs);
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
      unplan();
      cancelExit();
      platform.sender.letGo();
      await threads?.close(withinMs);
    },
  };
}

const NO_SENDER: SendResult = { ...NOTHING_SENT, error: 'no sender can be run here' };
