import {
  MAX_CHILD_WAIT_MS,
  NAME_NOT_FOUND,
  type SenderJob,
  type SendResult,
} from '../delivery/protocol.js';
import type { Platform } from '../platform/platform.js';
import type { Appender } from '../storage/appender.js';
import { launchAtExit } from './exit.js';
import { createWorkerLauncher, type HostSide } from './sender-thread.js';

/** An attempt that failed for a reason of this process alone is not repeated sooner. */
const MIN_RETRY_MS = 1_000;

/** Decides when what waits in the outbox is sent, and by whom. */
export interface Delivery {
  /** Something was appended. */
  due(): void;
  /** Sends now, and lets the process wait for it until the deadline. Never rejects. */
  flush(timeoutMs: number): Promise<SendResult | undefined>;
  /** When the next attempt is due, in milliseconds since the epoch, if one is planned. */
  nextAttemptMs(): number | undefined;
  /** Stops within that time: no timer, thread or listener is left. */
  close(withinMs: number): Promise<void>;
}

/** What delivery needs of its host. */
export interface DeliveryParts {
  readonly platform: Platform;
  readonly job: SenderJob;
  readonly appender: Appender;
  /** What the sender thread may ask for. */
  readonly host: HostSide;
  readonly flushIntervalMs: number;
  readonly exitUploadIntervalMs: number;
  /** How long the senders of this install have agreed to wait, as far as this process knows. */
  readonly waitMs: () => number;
  /** Asked again before each attempt: the user may have said no meanwhile. */
  readonly isOn: () => boolean;
  readonly onResult: (result: SendResult) => void;
  readonly onLost: (reports: number) => void;
}

/**
 * While the process lives, a worker thread sends what has waited for `flushIntervalMs`, or at once
 * what fills a request. When it ends with something unsent, a process of its own takes over, if
 * the outbox is one that a process can reach; the implicit endpoint gets no such process, and
 * nothing more in this one once it has failed, since most machines run no collector there.
 */
export function createDelivery(parts: DeliveryParts): Delivery {
  const { platform, job, appender } = parts;
  const worker = createWorkerLauncher({ sender: platform.sender, job, host: parts.host });
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
    const result = await worker.send(appender.usesMemory || !job.folders);
    parts.onResult(result);
    lastError = result.error;
    if (lastError !== undefined) planAgain(result);
    return result;
  }

  function unplan(): void {
    planned?.cancel();
    planned = undefined;
  }

  const mayTry = (): boolean => !(job.endpoint.implicit && lastError !== undefined);

  /** The implicit endpoint is tried at once: it gets no process at exit, which could do it later. */
  const delayMs = (): number => (job.endpoint.implicit && !hasTried ? 0 : parts.flushIntervalMs);

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
      const isOn = parts.isOn(); // asks the user's choice: a no closes this
      if (isClosed) return;
      appender.seal(); // a slow disk's lines wait for the end of a turn that does not come any more
      if (isOn && isForChild()) launchAtExit({ ...parts, platform });
    } catch {
      return; // the outbox keeps what it has for the next run
    }
  }

  /** What has not failed yet, unless all are to wait; and a name that only the system can find. */
  const isForChild = (): boolean =>
    lastError === NAME_NOT_FOUND ||
    ((hasFresh || worker.isSending()) && parts.waitMs() <= MAX_CHILD_WAIT_MS);

  const cancelExit = platform.onExit(atExit);

  return {
    due() {
      if (!hasFresh && !job.endpoint.implicit) platform.sender.keep();
      hasFresh = true;
      if (platform.isExiting()) return atExit();
      const isFull = appender.open === 0; // sealed with the last report
      if (isFull && mayTry() && !worker.isSending() && !isBackingOff()) void send();
      else plan(Math.max(delayMs(), parts.waitMs()));
    },
    flush(timeoutMs) {
      return new Promise((resolve) => {
        worker.hold(true);
        const finish = (result: SendResult | undefined): void => {
          cancelDeadline();
          worker.hold(false);
          resolve(result);
        };
        const cancelDeadline = platform.deadline(() => finish(undefined), timeoutMs);
        void send().then(finish);
      });
    },
    nextAttemptMs: () => planned?.atMs,
    close(withinMs) {
      isClosed = true;
      unplan();
      cancelExit();
      platform.sender.letGo();
      return worker.close(withinMs);
    },
  };

  function isBackingOff(): boolean {
    return planned !== undefined && planned.atMs - platform.now() > parts.flushIntervalMs;
  }
}
