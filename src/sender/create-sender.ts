import { firstChoice } from '../consent/choice.js';
import { loadState, waitMs } from '../delivery/delivery-state.js';
import { keepLastRequest } from '../delivery/last-request.js';
import { createLeases } from '../delivery/lease.js';
import { NOTHING_SENT, type SenderJob, type SendResult } from '../delivery/protocol.js';
import { isContainer } from '../report/container.js';
import { openFileStorage } from '../storage/file-outbox.js';
import { memoryOutbox } from '../storage/memory-storage.js';
import { createDispatcher } from './connections.js';
import { hostStorage } from './host-storage.js';
import { exchange } from './http.js';
import { findIdentity, resolveIdentity, timeId } from './identity/anonymous-id.js';
import type { SenderPlatform } from './platform/sender-platform.js';
import { createPost } from './post.js';
import { createLookup } from './resolve-name.js';
import { sendOutbox, storageError } from './segments.js';
import { add, attempt, type AttemptParts, type Source } from './send-pass.js';
import { sweepDrafts } from './sweep-drafts.js';
import type { TaskParts } from './tasks/task.js';
import { deliver, retiredOutcomes } from './upload.js';

/** An export of everything that is held of one user. */
const MAX_EXPORT_BYTES = 4 * 1024 * 1024;

/** Puts all parts of a sender together, on its platform. Starts nothing. */
export function createSender(job: SenderJob, platform: SenderPlatform) {
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
    ca: job.ca === undefined ? undefined : [...trustedCertificates(platform), job.ca],
    holdsProcess: !platform.sharesThread,
  });
  const stop = new AbortController();
  let deadlineMs = Infinity;
  const leftMs = (): number => deadlineMs - platform.elapsed();
  const post = createPost({
    url: endpoint.url,
    userAgent: job.userAgent,
    dispatcher,
    mayCompress: endpoint.form === 'batch',
    compress: platform.compress,
    now: platform.now,
    random: platform.random,
    sleep: (ms) => sleep(ms, platform, stop.signal),
    leftMs,
    stop: stop.signal,
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
    isStopped: () => stop.signal.aborted,
    send: ({ outbox, mayGoOn: maySend }, retries) => {
      const mayGoOn = async (): Promise<boolean> =>
        leftMs() > 0 && !stop.signal.aborted && (await maySend());
      return sendOutbox({
        outbox,
        mayGoOn,
        identify,
        endpoint,
        deliver: (reports) =>
          deliver(reports, {
            endpoint,
            version: job.version,
            post,
            now: platform.now,
            retries,
            mayGoOn,
            onAccepted: (body) => keepLastRequest(platform.files, folders, body),
          }),
      });
    },
    dropVersion: (open) =>
      sendOutbox({
        ...open,
        identify,
        endpoint,
        deliver(reports) {
          const outcomes = retiredOutcomes(reports, job.version);
          // Else what is kept is claimed again and again.
          return Promise.resolve({
            outcomes,
            ...(outcomes.includes('queued') && { isRetired: true }),
          });
        },
      }),
  };

  /** Sends the given outboxes one after another. A disk that fails is a result too. */
  async function send(sources: readonly Source[], withinMs: number): Promise<SendResult> {
    let result: SendResult = NOTHING_SENT;
    deadlineMs = platform.elapsed() + withinMs;
    for (const source of sources) {
      result = add(result, await attempt(source, parts).catch(asResult));
    }
    if (folders) sweepDrafts(folders, platform);
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
    /** Gives up what is under way, and gives back what it has claimed. */
    stop: () => stop.abort(),
    close: () => dispatcher.destroy(),
  };
}

/** What a connection trusts that is told nothing: to say anything takes all of that away. */
function trustedCertificates({ env, files, rootCertificates }: SenderPlatform): string[] {
  try {
    const extra = files.read(env['NODE_EXTRA_CA_CERTS'] ?? '');
    return [...rootCertificates(), ...(extra === undefined ? [] : [extra])];
  } catch {
    return [...rootCertificates()]; // not to be read: the runtime has none of it either
  }
}

/** Waits, but no longer than there is something to wait for. */
function sleep(ms: number, { after }: SenderPlatform, stop: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      cancel();
      stop.removeEventListener('abort', done);
      resolve();
    };
    const cancel = after(ms, done);
    stop.addEventListener('abort', done);
  });
}

const asResult = (error: unknown): SendResult => ({
  ...NOTHING_SENT,
  error: storageError(error),
});
