import type { Platform } from '../platform/platform.js';
import type { OutboxStorage, Storage } from '../storage/storage.js';
import type { SenderJob, SendResult } from './job.js';
import { createWorkerLauncher } from './worker-launcher.js';

/** Decides when what waits in the outbox is sent, and by whom. */
export interface Delivery {
  /** Something was appended. */
  due(): void;
  /** Sends now, and lets the process wait for it until the deadline. Never rejects. */
  flush(timeoutMs: number): Promise<SendResult | undefined>;
  /** Stops: no timer, thread or listener is left. */
  close(): Promise<void>;
}

/** What delivery needs of its host. */
export interface DeliveryParts {
  readonly platform: Platform;
  readonly job: SenderJob;
  readonly storage: Storage & { readonly outbox: OutboxStorage };
  readonly flushAfterMs: number;
  /** Asked again before each attempt: the user may have said no meanwhile. */
  readonly isOn: () => boolean;
  readonly onResult: (result: SendResult) => void;
}

/**
 * While the process lives, a worker thread sends what has waited for `flushAfterMs`. When it ends
 * with something unsent, a child process takes over, if the outbox is one that a child can reach;
 * the implicit endpoint gets one attempt and no child, since most machines run no collector there.
 */
export function createDelivery(parts: DeliveryParts): Delivery {
  const { platform, job, storage } = parts;
  const worker = createWorkerLauncher({ platform, job, storage });
  let hasFresh = false;
  let attempts = 0;
  let cancelTimer: (() => void) | undefined;

  async function send(): Promise<SendResult | undefined> {
    cancelTimer?.();
    cancelTimer = undefined;
    if (!parts.isOn()) return undefined;
    try {
      storage.outbox.seal();
    } catch {
      return undefined; // the segment stays open, and is sent by a later run
    }
    attempts += 1;
    hasFresh = false;
    const result = await worker.send();
    parts.onResult(result);
    return result;
  }

  const cancelExit = platform.onExit(() => {
    if (!job.folders || job.endpoint.implicit) return;
    if (!(hasFresh || worker.isSending()) || !parts.isOn()) return;
    try {
      storage.outbox.seal();
      platform.startSenderProcess({ ...job, dyingPid: platform.pid } satisfies SenderJob);
    } catch {
      // no child: the outbox keeps what it has for the next run
    }
  });

  return {
    due() {
      hasFresh = true;
      if (cancelTimer || (job.endpoint.implicit && attempts > 0)) return;
      cancelTimer = platform.later(() => void send(), parts.flushAfterMs);
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
    close() {
      cancelTimer?.();
      cancelTimer = undefined;
      cancelExit();
      return worker.close();
    },
  };
}
