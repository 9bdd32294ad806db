import { LAST_UPLOAD } from '../file-names.js';
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
 * Starts a child that sends what is queued, as the last thing the host does: synchronous, and nothing
 * that can throw. The child takes the lease; the reports are sealed before it is started.
 */
export function launchAtExit(parts: ExitLauncherParts): void {
  const { platform, job, appender } = parts;
  if (job.endpoint.implicit || platform.sender.childObstacle() !== undefined) return;
  const lines = appender.usesMemory ? appender.takeLines(MAX_HANDED_BYTES) : '';
  // The other threads of a process that lives on go on sending what they have claimed.
  const dyingPid = platform.processes.endsWithThisThread() ? platform.processes.pid : undefined;
  if (!startsNow(parts, lines !== '') && lines === '') return;
  const handover: Handover = {
    ...(dyingPid !== undefined && { dyingPid }),
    ...(lines !== '' && { lines }),
  };
  platform.sender.process({ ...job, handover } satisfies SenderJob);
}

/** Whether a child is due. Its time is written before it starts: see `sender/send-pass.ts`. */
function startsNow({ platform, job, exitUploadIntervalMs }: ExitLauncherParts, isUrgent: boolean) {
  if (!job.folders) return false;
  const { state } = job.folders;
  try {
    const nowMs = platform.now();
    if (!isUrgent && !isDue(platform.files, state, nowMs, exitUploadIntervalMs)) return false;
    platform.files.replace(lastUploadIn(state), String(nowMs));
    return true;
  } catch {
    return false; // no disk to meet the other senders on
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
