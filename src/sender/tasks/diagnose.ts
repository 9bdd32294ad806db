import type {
  EndpointSource,
  FolderState,
  Reachability,
  SenderDiagnosis,
} from '../../delivery/answers.js';
import { loadState, waitMs } from '../../delivery/delivery-state.js';
import type { Endpoint } from '../../project/endpoint.js';
import { errorTextOf } from '../http.js';
import { USER_AGENT } from '../user-agent.js';
import { proxyOf } from '../network/proxy-of.js';
import { healthUrl, type TaskParts } from './task.js';

/** Checks each part that sending depends on. */
export async function diagnose(parts: TaskParts): Promise<SenderDiagnosis> {
  const { job, storage, leases, clock, env, network } = parts;
  const state = await loadState(storage, job.endpoint);
  const waiting = waitMs(state, clock.now());
  const waitingSegments = await countSegments(parts);
  const leaseHolder = holderOf(leases);
  const identity = await parts.findIdentity();
  const proxy = proxyOf(env, new URL(job.endpoint.url), network);
  return {
    ok: true,
    idSource: identity === 'unreadable' ? identity : (identity?.id_source ?? 'none'),
    folders: folderStates(parts, ownFolders(job)),
    ...(waitingSegments !== undefined && { waitingSegments }),
    ...(leaseHolder !== undefined && { leaseHolder }),
    failures: state.failures,
    ...(state.lastSuccessMs > 0 && { lastSuccess: new Date(state.lastSuccessMs).toISOString() }),
    ...(waiting > 0 && { nextAttempt: new Date(clock.now() + waiting).toISOString() }),
    isRetired: state.retired.includes(job.version),
    ...(proxy !== undefined && { proxy }),
    endpointSource: sourceOf(job.endpoint),
    isImplicit: job.endpoint.implicit,
    ...(job.endpoint.foundIn !== undefined && { foundIn: job.endpoint.foundIn }),
    ...(job.asked?.mode === 'on' && { collector: await reach(parts) }),
  };
}

/** The home folder is not Headcount's to write to. */
const ownFolders = ({ folders }: TaskParts['job']): string[] =>
  folders ? [folders.config, folders.choice ?? folders.config, folders.state, folders.outbox] : [];

function sourceOf({ implicit, foundIn, fromEnvironment }: Endpoint): EndpointSource {
  if (foundIn !== undefined) return 'local-collector';
  if (implicit) return 'default';
  return fromEnvironment ? 'environment' : 'program';
}

/** `undefined` if an outbox cannot be listed. */
async function countSegments({ allOutboxes }: TaskParts): Promise<number | undefined> {
  try {
    const lists = await Promise.all(allOutboxes().map(async (outbox) => outbox.list()));
    return lists.flat().length;
  } catch {
    return undefined;
  }
}

function holderOf(leases: TaskParts['leases']): number | undefined {
  try {
    return leases?.holder();
  } catch {
    return undefined; // the unreadable folder is reported separately
  }
}

/** On a full disk, an empty file can be made, and nothing can be written to it. */
const PROBE = '0'.repeat(4_096);

/** Tries to write to each folder. While telemetry is off, no folder is made for that. */
function folderStates({ job, files, clock }: TaskParts, folders: readonly string[]): FolderState[] {
  return [...new Set(folders)].flatMap((folder): FolderState[] => {
    const probe = `${folder}/.writable-${clock.now().toString(36)}`;
    try {
      if (job.asked?.mode === 'off' && !files.stat(`${folder}/.`)) return [];
      try {
        files.append(probe, PROBE);
      } finally {
        files.remove(probe);
      }
      return [{ folder, isWritable: true }];
    } catch (error) {
      return [{ folder, isWritable: false, error: errorTextOf(error) }];
    }
  });
}

/** Any answer shows that the collector can be reached. */
async function reach({ job, http, clock }: TaskParts): Promise<Reachability> {
  try {
    const answer = await http.request({
      url: healthUrl(job.endpoint),
      method: 'GET',
      headers: { 'user-agent': USER_AGENT },
    });
    const date = Date.parse(answer.header('date') ?? '');
    return {
      reached: true,
      status: answer.status,
      ...(!Number.isNaN(date) && { clockSkewMs: clock.now() - date }),
    };
  } catch (error) {
    return { reached: false, error: errorTextOf(error) };
  }
}
