import { createLeases } from '../delivery/lease.js';
import { NOTHING_SENT, type SenderJob, type SendResult } from '../delivery/protocol.js';
import { type Endpoint, queueOf } from '../project/endpoint.js';
import { otherQueue } from '../project/other-queue.js';
import { isContainer } from '../report/container.js';
import { fileValues } from '../storage/file-storage.js';
import { memoryOutbox } from '../storage/memory-storage.js';
import { outboxQueues } from '../storage/outbox-queues.js';
import type { OutboxStorage } from '../storage/storage.js';
import { hostStorage } from './host-storage.js';
import { createHttp } from './http.js';
import { findIdentity, resolveIdentity, timeId } from './identity/anonymous-id.js';
import { findStoredIdentity } from './identity/find-stored-identity.js';
import type { ConnectorOptions } from './network/connector.js';
import type { SenderPlatform } from './platform/sender-platform.js';
import { createLookup } from './resolve-name.js';
import { installState } from './install-state.js';
import { storageError } from './claim-batch.js';
import type { Identify } from './claimed-segment.js';
import { createRoute } from './routes.js';
import { sendPass, type Source } from './send-pass.js';
import { addResults } from './send-results.js';
import { sweepDrafts } from './sweep-drafts.js';
import type { TaskParts } from './tasks/task.js';

/** The age at which a report gets an ID that is not the machine's, if that does not tell its own. */
const WAITS_FOR_MACHINE_MS = 60 * 60 * 1000;
/** Less than the 15 s for which a host waits for the answer to its user. */
const TASK_WORKS_MS = 12_000;

/** Puts all parts of a sender together, on its platform. Starts nothing. */
export function createSender(job: SenderJob, platform: SenderPlatform) {
  const { project, folders, handover } = job;
  if (folders) platform.files.guard(folders);
  const host = hostStorage(job.isPersistent, (question) => platform.askHost(question));
  const queues = folders && outboxQueues(folders.outbox, platform, handover?.dyingPid);
  const own = queues?.open(queueOf(job.endpoint, otherQueue));
  const others = () => {
    try {
      return queues?.all().filter((outbox) => outbox !== own) ?? [];
    } catch {
      return []; // the folder cannot be listed: the app's queue may be readable all the same
    }
  };
  const leases = folders && createLeases(folders.state, platform);
  const storage = folders ? fileValues(folders.config, platform.files) : host;
  const stop = new AbortController();
  const http = createHttp(connectorOptions(job, platform), platform.network);
  // What the host handed over exists nowhere else, and cannot wait.
  let isKept = folders !== undefined;
  const sourcesOfId = (container: boolean, endpoint: Endpoint) => ({
    project,
    endpoint,
    storage,
    container,
    machine: platform.machine,
    timeId: () => timeId(platform),
    newSecret: platform.newSecret,
    hash: platform.hash,
  });
  const identify: Identify = ({ info, at_ms }, endpoint) => {
    const ageMs = Math.abs(platform.now() - at_ms);
    const mayWait = isKept && ageMs < WAITS_FOR_MACHINE_MS;
    return resolveIdentity({ ...sourcesOfId(info.container, endpoint), mayWait });
  };
  const shared = {
    job,
    storage,
    install: installState(storage),
    route: createRoute(job, platform),
    http,
    identify,
    env: platform.env,
    files: platform.files,
    clock: platform,
    network: platform.network,
    compression: {
      isWanted: job.endpoint.form === 'batch',
      gzip: platform.sharesThread ? undefined : platform.compress,
    },
    stop: stop.signal,
  };

  return {
    files(): Source[] {
      if (!queues || !own) return [];
      return [{ own, others, leases }];
    },
    host: (): Source => unleased(host.outbox),
    /** The reports that the host could not write anywhere. */
    handedOver(lines = handover?.lines ?? ''): Source[] {
      if (lines === '') return [];
      isKept = false;
      const outbox = memoryOutbox();
      outbox.append(lines);
      outbox.seal();
      return [unleased(outbox)];
    },
    /** Sends these outboxes one after another. A failing disk becomes a result too. */
    async send(
      sources: readonly Source[],
      withinMs: number,
      isHurried = false,
    ): Promise<SendResult> {
      const parts = { ...shared, isHurried, deadlineMs: platform.elapsed() + withinMs };
      let result: SendResult = NOTHING_SENT;
      for (const source of sources) {
        result = addResults(result, await sendPass(source, parts).catch(failedResult));
      }
      if (folders) sweepDrafts(folders, platform);
      return result;
    },
    task: (): TaskParts => ({
      ...shared,
      outboxes: own ? [own, host.outbox] : [host.outbox],
      allOutboxes: () => [...(own ? [own] : []), ...others(), host.outbox],
      leases,
      deadlineMs: platform.elapsed() + TASK_WORKS_MS,
      findIdentity: () =>
        findIdentity(sourcesOfId(isContainer(platform.files), job.endpoint), job.asked?.givenId),
      findStoredIdentity: (endpoint) =>
        findStoredIdentity(sourcesOfId(isContainer(platform.files), endpoint)),
    }),
    /** Cancels the request under way. Its pass gives back what it has claimed. */
    stop: () => stop.abort(),
    close: () => http.close(),
  };
}

const unleased = (own: OutboxStorage): Source => ({ own, others: () => [], leases: undefined });

/**
 * In the host's process, names are resolved without the system, unless a user is waiting. The
 * system's look-up needs libuv's pool.
 */
function connectorOptions(
  { asked, ca, endpoint }: SenderJob,
  platform: SenderPlatform,
): ConnectorOptions {
  const { isHosted, names, network, env, sharesThread } = platform;
  const { origin } = new URL(endpoint.url);
  const isSystemAsked = (!isHosted || asked !== undefined) && platform.mayUsePool();
  return {
    env,
    lookup: isSystemAsked ? network.systemLookup : createLookup(names),
    // The app's certificates are for its collector. They prove nothing about another one.
    extraCa: (url) => (url.origin === origin ? ca : undefined),
    holdsProcess: !sharesThread,
  };
}

const failedResult = (error: unknown): SendResult => ({
  ...NOTHING_SENT,
  error: storageError(error),
});
