import { LAST_UPLOAD } from '../file-names.js';
import { createLeases, type Lease } from '../delivery/lease.js';
import type { Handover, SenderJob } from '../delivery/protocol.js';
import type { Files, Platform } from '../platform/platform.js';
import type { Appender } from '../storage/appender.js';

/** What the exit launcher takes. */
export interface ExitLauncherParts {
  readonly platform: Pick<Platform, 'files' | 'processes' | 'sender' | 'now'>;
  readonly job: SenderJob;
  readonly appender: Appender;
  /** At most one process in this time for each project and user, and the first of each day. */
  readonly exitUploadIntervalMs: number;
}

/** Linux takes 128 KiB in one variable, Windows 32 K characters in all. */
const MAX_HANDED_BYTES = 24 * 1024;

/**
 * Hands what waits over to a process of its own, as the last thing the host does: synchronous, and
 * nothing that can throw. The lease is taken first and handed over, so of many programs that end
 * at the same time one starts a process, which sends for all of them.
 */
export function launchAtExit(parts: ExitLauncherParts): void {
  const { platform, job, appender } = parts;
  if (job.endpoint.implicit || platform.sender.childObstacle() !== undefined) return;
  const lines = appender.usesMemory ? appender.takeLines(MAX_HANDED_BYTES) : '';
  // What another thread of a process that lives on is sending must not be sent a second time.
  const dyingPid = platform.processes.endsWithThisThread() ? platform.processes.pid : undefined;
  const lease = takeLease(parts, dyingPid, lines !== '');
  if (lease === undefined && lines === '') return;
  const handover: Handover = {
    ...(dyingPid !== undefined && { dyingPid }),
    ...(lease && { lease: lease.generation }),
    ...(lines !== '' && { lines }),
  };
  const child = platform.sender.process({ ...job, handover } satisfies SenderJob);
  if (typeof child === 'number') lease?.handOver(child);
  else lease?.release();
}

function takeLease(
  parts: ExitLauncherParts,
  dyingPid: number | undefined,
  isUrgent: boolean,
): Lease | undefined {
  const { platform, job } = parts;
  if (!job.folders) return undefined;
  const { state } = job.folders;
  try {
    if (!isUrgent && !isDue(platform.files, state, platform.now(), parts.exitUploadIntervalMs)) {
      return undefined;
    }
    const lease = createLeases(state, platform).acquire(dyingPid);
    if (lease) platform.files.replace(lastUploadIn(state), String(platform.now()));
    return lease;
  } catch {
    return undefined; // no disk to meet the other senders on
  }
}

const lastUploadIn = (state: string): string => `${state}/${LAST_UPLOAD}`;
const DAY_MS = 24 * 60 * 60 * 1000;

function isDue(files: Files, state: string, nowMs: number, everyMs: number): boolean {
  if (everyMs === 0) return true;
  const lastMs = Number(files.read(lastUploadIn(state)) ?? Number.NaN);
  const isSameDay = Math.floor(lastMs / DAY_MS) === Math.floor(nowMs / DAY_MS);
  // A last time in the future is that of a clock which was set back since.
  return !(isSameDay && nowMs >= lastMs && nowMs - lastMs < everyMs);
}
