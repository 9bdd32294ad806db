import type { Handover, SenderJob } from '../delivery/protocol.js';
import { LAST_UPLOAD, LEASE, RELEASED } from '../file-names.js';
import type { Files } from '../platform/platform.js';
import type { Appender } from '../storage/appender.js';
import type { HostPlatform } from './host-platform.js';

/** What the exit launcher takes. */
export interface ExitLauncherParts {
  readonly platform: Pick<HostPlatform, 'files' | 'processes' | 'sender' | 'now' | 'deferred'>;
  readonly job: SenderJob;
  readonly appender: Appender;
  /** At most one process in this time for each project and user, and the first of each day. */
  readonly exitUploadIntervalMs: number;
}

/** Linux takes 128 KiB in one variable, Windows 32 K characters in all. */
const MAX_HANDED_BYTES = 24 * 1024;
const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * Hands the queue over to a process that outlives the host, as the last thing the host does. Of
 * many programs that end at the same time one starts a process, which sends for all of them.
 *
 * @returns whether a process was started
 */
export function launchAtExit({ platform, job, appender, ...parts }: ExitLauncherParts): boolean {
  const { files, processes, sender } = platform;
  if (sender.childObstacle() !== undefined) return false;
  const lines = appender.usesMemory ? appender.takeLines(MAX_HANDED_BYTES) : '';
  // What another thread of a process that lives on is sending must not be sent a second time.
  const dyingPid = processes.endsWithThisThread() ? processes.pid : undefined;
  if (lines === '' && !isDue(platform, job, parts.exitUploadIntervalMs, dyingPid)) return false;
  const handover: Handover = {
    ...(dyingPid !== undefined && { dyingPid }),
    ...(lines !== '' && { lines }),
  };
  return typeof sender.process({ ...job, handover } satisfies SenderJob) === 'number';
}

function isDue(
  platform: ExitLauncherParts['platform'],
  { folders }: SenderJob,
  everyMs: number,
  dyingPid: number | undefined,
): boolean {
  if (!folders) return false;
  try {
    const { files } = platform;
    const file = `${folders.state}/${LAST_UPLOAD}`;
    const last = everyMs === 0 ? undefined : files.read(file);
    const nowMs = platform.now();
    if (last !== undefined && !isOver(Number(last), nowMs, everyMs)) return false;
    if (isBeingSent(platform, folders.state, dyingPid)) return false;
    return everyMs === 0 || takeTurn(files, file, last, nowMs);
  } catch {
    return false; // no disk to meet the other programs on
  }
}

/** Whether another sender is at work: it looks again before it ends, and finds these reports. */
function isBeingSent(
  platform: ExitLauncherParts['platform'],
  state: string,
  dyingPid: number | undefined,
): boolean {
  const { files } = platform;
  const leases = files.list(state).filter((file) => LEASE.test(file));
  if (leases.every((file) => files.read(`${state}/${file}`) === RELEASED)) return false;
  return platform.deferred()?.isLeaseHeld(platform, state, dyingPid) === true;
}

/**
 * Whether it is this program's turn to start a process. The file with the time of the last one is
 * moved away and made anew, so that one of many programs gets the turn. Should two get it after
 * all, one of their processes finds the other at work, and ends.
 */
function takeTurn(files: Files, file: string, last: string | undefined, nowMs: number): boolean {
  if (last !== undefined) {
    if (!files.rename(file, `${file}.old`)) return false;
    const moved = files.read(`${file}.old`);
    if (moved !== last) {
      files.create(file, moved ?? ''); // it was already that of a turn that has just begun
      return false;
    }
  }
  return files.create(file, String(nowMs));
}

function isOver(lastMs: number, nowMs: number, everyMs: number): boolean {
  const isSameDay = Math.floor(lastMs / DAY_MS) === Math.floor(nowMs / DAY_MS);
  // A last time in the future is that of a clock which was set back since.
  return !(isSameDay && nowMs >= lastMs && nowMs - lastMs < everyMs);
}
