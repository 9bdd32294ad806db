import { createLeases } from '../delivery/lease.js';
import { NOTHING_SENT, type SenderJob, type SendResult } from '../delivery/protocol.js';
import type { Endpoint } from '../project/endpoint.js';
import { isContainer } from '../report/container.js';
import { openFileStorage } from '../storage/file-outbox.js';
import { memoryOutbox } from '../storage/memory-storage.js';
import type { ConnectionOptions } from './connections.js';
import { hostStorage } from './host-storage.js';
import { createHttp } from './http.js';
import { findIdentity, resolveIdentity, timeId } from './identity/anonymous-id.js';
import { findStoredIdentity } from './identity/find-stored-identity.js';
import type { SenderPlatform } from './platform/sender-platform.js';
import { createLookup } from './resolve-name.js';
import { storageError } from './segments.js';
import { addResults, sendPass, type Source } from './send-pass.js';
import { sweepDrafts } from './sweep-drafts.js';
import type { TaskParts } from './tasks/task.js';

/** Less than the 15 s for which a host waits for the answer to its user. */
const TASK_WORKS_MS = 12_000;

/** Puts all parts of a sender together, on its platform. Starts nothing. */
export function createSender(job: SenderJob, platform: SenderPlatform) {
  const { project, folders, handover } = job;
  const host = hostStorage(job.isPersistent, (question) => platform.askHost(question));
  const files = folders && openFileStorage(folders, platform, handover?.dyingPid);
  const leases = folders && createLeases(folders.state, platform);
  const storage = files ?? host;
  const stop = new AbortController();
  const connections = new Map<string, ReturnType<typeof createHttp>>();
  const httpTo = (endpoint: Endpoint) => {
    const known = connections.get(endpoint.url);
    const http = known ?? createHttp(() => connectionOptions(job, endpoint, platform));
    connections.set(endpoint.url, http);
    return http;
  };
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
  const identify = (container: boolean, endpoint: Endpoint) =>
    resolveIdentity(sourcesOfId(container, endpoint));
  const shared = {
    job,
    storage,
    http: httpTo(job.endpoint),
    identify,
    env: platform.env,
    files: platform.files,
    clock: platform,
    compression: { isWanted: job.endpoint.form === 'batch', gzip: platform.compress },
    stop: stop.signal,
  };

  return {
    files: (): Source[] => (files ? [{ outbox: files.outbox, leases }] : []),
    host: (): Source => ({ outbox: host.outbox, leases: undefined }),
    /** The reports that the host could not write anywhere. */
    handedOver(): Source[] {
      if (handover?.lines === undefined) return [];
      const outbox = memoryOutbox();
      outbox.append(handover.lines);
      outbox.seal();
      return [{ outbox, leases: undefined }];
    },
    /** Sends these outboxes one after another. A failing disk becomes a result too. */
    async send(sources: readonly Source[], withinMs: number): Promise<SendResult> {
      const parts = { ...shared, deadlineMs: platform.elapsed() + withinMs };
      let result: SendResult = NOTHING_SENT;
      for (const source of sources) {
        result = addResults(result, await sendPass(source, parts).catch(failedResult));
      }
      if (folders) sweepDrafts(folders, platform);
      return result;
    },
    task: (): TaskParts => ({
      ...shared,
      outboxes: files ? [files.outbox, host.outbox] : [host.outbox],
      leases,
      httpTo,
      deadlineMs: platform.elapsed() + TASK_WORKS_MS,
      findIdentity: () =>
        findIdentity(sourcesOfId(isContainer(platform.files), job.endpoint), job.asked?.givenId),
      findStoredIdentity: (endpoint) =>
        findStoredIdentity(sourcesOfId(isContainer(platform.files), endpoint)),
    }),
    /** Cancels the request under way. Its pass gives back what it has claimed. */
    stop: () => stop.abort(),
    close: async () =>
      void (await Promise.all([...connections.values()].map((http) => http.close()))),
  };
}

/** In the host's process, names are resolved without the system, unless a user is waiting. */
function connectionOptions({ asked, ca }: SenderJob, endpoint: Endpoint, platform: SenderPlatform) {
  return {
    url: endpoint.url,
    lookup: platform.isHosted && !asked ? createLookup(platform.names) : undefined,
    // Certificates given here replace all others, so those are given too.
    ca: ca === undefined ? undefined : [...platform.trustedCertificates(), ca],
    holdsProcess: !platform.sharesThread,
  } satisfies ConnectionOptions;
}

const failedResult = (error: unknown): SendResult => ({
  ...NOTHING_SENT,
  error: storageError(error),
});
