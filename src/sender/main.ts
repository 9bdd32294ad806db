import { MAX_CHILD_WAIT_MS, type SenderJob, type UserTask } from '../delivery/protocol.js';
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
 * The sender: `dist/sender.cjs`, the one file that the worker thread, the exit child and, where
 * there is neither, the host's own thread run. Nothing else of Headcount loads undici.
 */

/** A child is gone after this, whatever happens. */
const LIFE_LIMIT_MS = 15_000;
/** It stops in time to say what came of it: a server that never answers is left alone then. */
const CHILD_WORKS_MS = 12_000;
/** What a thread has claimed for longer counts as left behind by one that crashed. */
const THREAD_WORKS_MS = 18_000;
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
    if (isEnding) return; // the host sees the thread end, and asks a new one
    cancelIdle();
    turn = turn.then(async () => {
      cancelIdle();
      if (isEnding) return;
      const hosts = hostOutbox ? [sender.host()] : [];
      platform.tellResult(await sender.send([...sender.files(), ...hosts], THREAD_WORKS_MS));
      if (!isEnding) rest();
    });
  });
}

async function runChild(platform: SenderPlatform, job: SenderJob): Promise<void> {
  platform.limitLife(LIFE_LIMIT_MS);
  const started = platform.elapsed();
  const sender = createSender(job, platform);
  const sources = sender.handedOver();
  const wait = await sender.waitMs();
  if (wait <= MAX_CHILD_WAIT_MS) {
    await new Promise<void>((resolve) => void platform.after(wait, resolve));
    await sender.send(sources, CHILD_WORKS_MS - (platform.elapsed() - started));
  } else for (const { lease } of sources) lease?.release();
  platform.end();
}

const thread = threadPlatform();
const child = childPlatform();
if (thread) runHosted(thread.platform, thread.job);
else if (child) runChild(child.platform, child.job).catch(child.platform.end);

/** For a host that has no thread for the sender. */
export const start: InProcessSender['start'] = (job, events) => {
  const { platform, thread: inProcess } = inProcessPlatform(events);
  // The cast: the host that runs this has made the job with this package's own code.
  runHosted(platform, job as SenderJob);
  return inProcess;
};
