import type { Handover, SenderJob } from '../../delivery/protocol.js';
import { LAST_UPLOAD } from '../../file-names.js';
import type { Files, Platform } from '../../platform/platform.js';
import type { ResolvedOptions } from '../../options.js';
import type { Setup } from '../../project/setup.js';
import type { Appender } from '../../storage/appender.js';
import type { OpenStorage } from '../../storage/open-storage.js';
import { isIntervalOver } from '../exit-interval.js';
import { makeJob } from './make-job.js';

/** What the exit launcher needs. */
export interface ExitLauncherParts {
  readonly platform: Pick<Platform, 'files' | 'processes' | 'sender' | 'now'>;
  readonly setup: Setup;
  readonly options: ResolvedOptions;
  readonly opened: OpenStorage;
  readonly appender: Appender;
  /** Each project and user starts one process in this time, and always the first of a day. */
  readonly exitUploadIntervalMs: number;
}

/** Linux allows 128 KiB in one variable, Windows 32 K characters in the whole environment. */
const MAX_HANDED_BYTES = 24 * 1024;

/**
 * Hands the queue to a process that outlives the host, as the host's last action. If many programs
 * end at the same time, one of them starts a process, which sends for all of them.
 *
 * @returns whether a process was started
 */
export function launchAtExit(parts: ExitLauncherParts): boolean {
  const { platform, opened, appender, exitUploadIntervalMs } = parts;
  const { processes, sender } = platform;
  if (sender.childObstacle() !== undefined) return false;
  const lines = appender.usesMemory ? appender.takeLines(MAX_HANDED_BYTES) : '';
  // If the process lives on, another thread may be sending: its reports must not go out twice.
  const dyingPid = processes.endsWithThisThread() ? processes.pid : undefined;
  if (lines === '' && !isDue(platform, opened, exitUploadIntervalMs)) return false;
  const handover: Handover = {
    ...(dyingPid !== undefined && { dyingPid }),
    ...(lines !== '' && { lines }),
  };
  const job: SenderJob = { ...makeJob(parts.setup, opened, parts.options), handover };
  return typeof sender.process(job) === 'number';
}

function isDue(
  { files, now }: ExitLauncherParts['platform'],
  { folders }: OpenStorage,
  everyMs: number,
): boolean {
  if (!folders) return false;
  const file = `${folders.state}/${LAST_UPLOAD}`;
  try {
    const nowMs = now();
    if (everyMs > 0) {
      const last = files.read(file);
      const isOver = last === undefined || isIntervalOver(Number(last), nowMs, everyMs);
      return isOver && takeTurn(files, file, last, nowMs);
    }
    files.replace(file, String(nowMs));
    return true;
  } catch {
    return false; // without a disk, programs cannot agree on who starts the process
  }
}

/**
 * Whether it is this program's turn to start a process. The program renames the file with the last
 * time and creates a new one, so that only one of many programs gets the turn. If two get it all
 * the same, one of their processes sees that the other is sending, and ends.
 */
function takeTurn(files: Files, file: string, last: string | undefined, nowMs: number): boolean {
  if (last !== undefined) {
    if (!files.rename(file, `${file}.old`)) return false;
    const moved = files.read(`${file}.old`);
    files.remove(`${file}.old`);
    if (moved !== last) {
      files.create(file, moved ?? ''); // another program has just taken the turn
      return false;
    }
  }
  return files.create(file, String(nowMs));
}
