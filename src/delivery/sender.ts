/**
 * The sender: `dist/sender.cjs`, the one file that both the worker thread and the exit child run.
 * Nothing else of Headcount loads undici.
 */
import { disablingVariable } from '../consent/environment.js';
import { resolveIdentity } from '../identity/anonymous-id.js';
import { timeId } from '../identity/time-id.js';
import { type SenderPlatform, senderPlatform } from '../platform/sender-platform.js';
import { openFileStorage } from '../storage/file-storage.js';
import { hostStorage } from './host-storage.js';
import { deliver } from './deliver.js';
import type { SenderJob, SendResult } from './job.js';
import { createPost } from './post.js';
import { createLookup } from './resolve-name.js';
import { sendOutbox } from './send-outbox.js';

/** A child is gone after this, whatever happens. */
const LIFE_LIMIT_MS = 15_000;
/** A thread without work ends after this. */
const IDLE_MS = 10_000;

function createSender(job: SenderJob, platform: SenderPlatform) {
  const { project, endpoint, folders, dyingPid } = job;
  const storage = folders
    ? openFileStorage(folders, platform, dyingPid)
    : hostStorage(job.isPersistent, (question) => platform.askHost(question));
  const post = createPost({
    url: endpoint.url,
    userAgent: job.userAgent,
    retries: job.retries,
    lookup: platform.inThread ? createLookup(platform.names) : undefined,
  });
  const send = async (): Promise<SendResult> =>
    disablingVariable(platform.env, project) !== undefined
      ? { sent: 0, kept: 0, dropped: {}, problem: 'telemetry was turned off' }
      : sendOutbox({
          outbox: storage.outbox,
          identify: (container) =>
            resolveIdentity({
              project,
              storage,
              container,
              machine: platform.machine,
              timeId: () => timeId(platform),
            }),
          deliver: (reports) => deliver(reports, endpoint, post, () => platform.now()),
        });
  return { send, close: () => post.close() };
}

function runThread(platform: SenderPlatform, job: SenderJob): void {
  const sender = createSender(job, platform);
  let cancelIdle: () => void = () => undefined;
  let turn = Promise.resolve();
  const rest = (): void => {
    cancelIdle = platform.after(IDLE_MS, () => void sender.close().then(platform.end));
  };
  rest();
  platform.onSend(() => {
    cancelIdle();
    turn = turn.then(async () => {
      cancelIdle();
      platform.tellResult(await sender.send());
      rest();
    });
  });
}

async function runProcess(platform: SenderPlatform, job: SenderJob): Promise<void> {
  platform.after(LIFE_LIMIT_MS, platform.end);
  await createSender(job, platform).send();
  platform.end();
}

const platform = senderPlatform();
const job = platform.job();
if (platform.inThread) runThread(platform, job);
else runProcess(platform, job).catch(platform.end);
