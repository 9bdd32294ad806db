/**
 * The sender: `dist/sender.cjs`, the one file that the worker thread, the exit child and, where
 * there is neither, the host's own thread run. Nothing else of Headcount loads undici.
 */
import { firstChoice } from '../consent/preference.js';
import { resolveIdentity } from '../identity/anonymous-id.js';
import { findIdentity } from '../identity/find-identity.js';
import { timeId } from '../identity/time-id.js';
import type { InProcessSender } from '../platform/sender-in-process.js';
import {
  childPlatform,
  inProcessPlatform,
  type SenderPlatform,
  threadPlatform,
} from '../platform/sender-platform.js';
import { isContainer } from '../report/container.js';
import { openFileStorage } from '../storage/file-storage.js';
import { memoryOutbox } from '../storage/memory-storage.js';
import { runTask } from '../user/run-task.js';
import type { TaskParts } from '../user/task-parts.js';
import { add, attempt, type AttemptParts, type Source } from './attempt.js';
import { deliver } from './deliver.js';
import { loadState, waitMs } from './delivery-state.js';
import { createDispatcher } from './dispatcher.js';
import { exchange } from './exchange.js';
import { hostStorage } from './host-storage.js';
import { MAX_CHILD_WAIT_MS, type SenderJob, type SendResult, type UserTask } from './job.js';
import { keepLastRequest } from './last-request.js';
import { createLeases } from './lease.js';
import { createPost } from './post.js';
import { createLookup } from './resolve-name.js';
import { sendOutbox } from './send-outbox.js';

/** A child is gone after this, whatever happens. */
const LIFE_LIMIT_MS = 15_000;
/** An export of everything that is held of one user. */
const MAX_EXPORT_BYTES = 4 * 1024 * 1024;
/** A thread without work ends after this. */
const IDLE_MS = 10_000;

function createSender(job: SenderJob, platform: SenderPlatform) {
  const { project, endpoint, folders, handover } = job;
  const host = hostStorage(job.isPersistent, (question) => platform.askHost(question));
  const files = folders && openFileStorage(folders, platform, handover?.dyingPid);
  const leases = folders && createLeases(folders.state, platform);
  const storage = files ?? host;
  // A person who asks waits for the answer, by the system's own look-up too.
  const lookup = platform.isHosted && !job.asked ? createLookup(platform.names) : undefined;
  const dispatcher = createDispatcher({
    url: endpoint.url,
    lookup,
    ca: job.ca === undefined ? undefined : [...platform.rootCertificates(), job.ca],
    holdsProcess: !platform.sharesThread,
  });
  const post = createPost({
    url: endpoint.url,
    userAgent: job.userAgent,
    dispatcher,
    mayCompress: endpoint.form === 'batch',
    compress: platform.compress,
    now: platform.now,
    random: platform.random,
    sleep: (ms) => new Promise((resolve) => void platform.after(ms, resolve)),
  });
  const sourcesOfId = (container: boolean) => ({
    project,
    storage,
    container,
    machine: platform.machine,
    timeId: () => timeId(platform),
  });
  const identify = (container: boolean) => resolveIdentity(sourcesOfId(container));
  const parts: AttemptParts = {
    job,
    env: platform.env,
    storage,
    choice: () =>
      firstChoice(
        job.choiceFiles.map((source) => ({ source, get: () => platform.files.read(source) })),
      ),
    now: platform.now,
    random: platform.random,
    every: platform.every,
    send: ({ outbox, mayGoOn }, retries) =>
      sendOutbox({
        outbox,
        mayGoOn,
        identify,
        deliver: (reports) =>
          deliver(reports, {
            endpoint,
            post,
            now: platform.now,
            retries,
            mayGoOn,
            onAccepted: (body) => keepLastRequest(platform.files, folders, body),
          }),
      }),
  };

  /** Sends the given outboxes one after another. A disk that fails is a result too. */
  async function send(sources: readonly Source[]): Promise<SendResult> {
    let result: SendResult = { sent: 0, kept: 0, dropped: {} };
    for (const source of sources) {
      result = add(result, await attempt(source, parts).catch(asResult));
    }
    return result;
  }

  return {
    files: (): Source[] => (files ? [{ outbox: files.outbox, leases }] : []),
    host: (): Source => ({ outbox: host.outbox, leases: undefined }),
    handedOver(): Source[] {
      const sources: Source[] = [];
      const lease = handover?.lease === undefined ? undefined : leases?.adopt(handover.lease);
      if (files && leases) sources.push({ outbox: files.outbox, leases, ...(lease && { lease }) });
      if (handover?.lines !== undefined) {
        const outbox = memoryOutbox();
        outbox.append(handover.lines);
        outbox.seal();
        sources.push({ outbox, leases: undefined });
      }
      return sources;
    },
    /** How long the last failure or the collector wants senders to wait. */
    waitMs: async () => waitMs(await loadState(storage), platform.now()),
    send,
    task: (): TaskParts => ({
      job,
      env: platform.env,
      files: platform.files,
      storage,
      outboxes: files ? [files.outbox, host.outbox] : [host.outbox],
      leases,
      now: platform.now,
      identify,
      findIdentity: () =>
        findIdentity(sourcesOfId(isContainer(platform.files)), job.asked?.givenId),
      exchange: (request) => exchange(dispatcher, { ...request, maxAnswerBytes: MAX_EXPORT_BYTES }),
    }),
    close: () => dispatcher.destroy(),
  };
}

const asResult = (error: unknown): SendResult => ({
  sent: 0,
  kept: 0,
  dropped: {},
  problem: error instanceof Error && 'code' in error ? String(error.code) : 'the storage failed',
});

async function runAsked(platform: SenderPlatform, job: SenderJob, task: UserTask): Promise<void> {
  const sender = createSender(job, platform);
  platform.tellDone(await runTask(task, sender.task()));
  await sender.close();
  platform.end();
}

function runHosted(platform: SenderPlatform, job: SenderJob): void {
  if (job.asked) return void runAsked(platform, job, job.asked.task);
  const sender = createSender(job, platform);
  let cancelIdle: () => void = () => undefined;
  let turn = Promise.resolve();
  let isEnding = false;
  const rest = (): void => {
    cancelIdle = platform.after(IDLE_MS, () => {
      isEnding = true;
      void sender.close().then(platform.end, platform.end);
    });
  };
  rest();
  platform.onSend((hostOutbox) => {
    if (isEnding) return; // the host sees the thread end, and asks a new one
    cancelIdle();
    turn = turn.then(async () => {
      cancelIdle();
      const hosts = hostOutbox ? [sender.host()] : [];
      platform.tellResult(await sender.send([...sender.files(), ...hosts]));
      rest();
    });
  });
}

async function runChild(platform: SenderPlatform, job: SenderJob): Promise<void> {
  platform.limitLife(LIFE_LIMIT_MS);
  const sender = createSender(job, platform);
  const sources = sender.handedOver();
  const wait = await sender.waitMs();
  if (wait <= MAX_CHILD_WAIT_MS) {
    await new Promise<void>((resolve) => void platform.after(wait, resolve));
    await sender.send(sources);
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
