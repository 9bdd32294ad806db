import type { LastSend, SenderJob, UserTask } from '../delivery/protocol.js';
import { totalDropped } from '../drop-reasons.js';
import type { InProcessSender } from '../platform/platform.js';
import { createSender } from './create-sender.js';
import {
  childPlatform,
  inProcessPlatform,
  type SenderPlatform,
  threadPlatform,
} from './platform/sender-platform.js';
import { runTask } from './tasks/run-task.js';

/**
 * The sender: `dist/sender.cjs`. The same file runs in the worker thread, in the exit child and,
 * where neither can be started, in the host's thread. Only this part of Headcount loads undici.
 */

/** No child lives longer, whatever happens. */
const LIFE_LIMIT_MS = 15_000;
/** Leaves time to store the result when a server never answers. */
const CHILD_WORKS_MS = 12_000;
/** Less than the 20 s after which a claimed segment counts as left by a crashed thread. */
const THREAD_WORKS_MS = 18_000;
/** Leaves time to store the result before a host ends that waits for it. */
const STORES_WITHIN_MS = 50;
/** A thread without work ends after this. */
const IDLE_MS = 10_000;

async function runAsked(platform: SenderPlatform, job: SenderJob, task: UserTask): Promise<void> {
  const sender = createSender(job, platform);
  platform.tellDone(await runTask(task, sender.task()));
  await sender.close();
  platform.end();
}

function runHosted(platform: SenderPlatform, job: SenderJob): void {
  if (job.asked) return void runAsked(platform, job, job.asked.task);
  const sender = createSender(job, platform);
  const end = (): void => void sender.close().then(platform.end, platform.end);
  let cancelIdle: () => void = () => undefined;
  let turn = Promise.resolve();
  let isEnding = false;
  const rest = (): void => {
    cancelIdle = platform.after(IDLE_MS, () => {
      isEnding = true;
      end();
    });
  };
  rest();
  platform.onEnd(() => {
    isEnding = true;
    cancelIdle();
    sender.stop();
    void turn.then(end);
  });
  platform.onSend((hostOutbox) => {
    if (isEnding) return; // the host sees this thread end, and starts another
    cancelIdle();
    turn = turn.then(async () => {
      cancelIdle();
      if (isEnding) return;
      const hosts = hostOutbox ? [sender.host()] : [];
      platform.tellResult(await sender.send([...sender.files(), ...hosts], THREAD_WORKS_MS));
      if (!isEnding) rest();
    });
  });
  platform.onLast((last) => {
    cancelIdle();
    turn = turn.then(() => (isEnding ? undefined : sendLast(sender, last, platform)));
    void turn.then(
      () => tellDone(last),
      () => tellDone(last),
    );
  });
}

/** Sends in the host's exit. First what exists nowhere else. */
async function sendLast(
  sender: ReturnType<typeof createSender>,
  { lines, untilMs, told }: LastSend,
  platform: SenderPlatform,
): Promise<void> {
  const leftMs = (): number => untilMs - STORES_WITHIN_MS - platform.now();
  const { sent, dropped } = await sender.send(sender.handedOver(lines), leftMs(), true);
  Atomics.store(told, 1, sent + totalDropped(dropped));
  await sender.send(sender.files(), leftMs(), true);
}

function tellDone({ told }: LastSend): void {
  Atomics.store(told, 0, 1);
  Atomics.notify(told, 0);
}

async function runChild(platform: SenderPlatform, job: SenderJob): Promise<void> {
  platform.limitLife(LIFE_LIMIT_MS);
  const sender = createSender(job, platform);
  // First what exists nowhere else.
  await sender.send([...sender.handedOver(), ...sender.files()], CHILD_WORKS_MS);
  platform.end();
}

const thread = threadPlatform();
const child = childPlatform();
if (thread) runHosted(thread.platform, thread.job);
else if (child) runChild(child.platform, child.job).catch(child.platform.end);

/** Called by a host that cannot start a thread. */
export const start: InProcessSender['start'] = (job, events) => {
  const { platform, thread: inProcess } = inProcessPlatform(events);
  // The cast: this package's code in the host has made it.
  runHosted(platform, job as SenderJob);
  return inProcess;
};
