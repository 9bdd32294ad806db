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
  const turn = lines === '' ? turnOf(platform, opened, exitUploadIntervalMs) : NO_TURN;
  if (!turn) return false;
  const handover: Handover = {
    ...(dyingPid !== undefined && { dyingPid }),
    ...(lines !== '' && { lines }),
  };
  const job: SenderJob = { ...makeJob(parts.setup, opened, parts.options), handover };
  const isStarted = typeof sender.process(job) === 'number';
  if (!isStarted) turn.giveBack();
  return isStarted;
}

/** The right to start a process. */
interface Turn {
  /** No process was started: the next program may. Never throws. */
  giveBack(): void;
}

const NO_TURN: Turn = { giveBack: () => undefined };
/** The disk takes nothing, so that a process could not take the lease either. */
const NO_DISK = ['ENOSPC', 'EDQUOT', 'EROFS', 'EIO'];

/** This program's turn to start a process, or `undefined` if it has none. */
function turnOf(
  { files, now }: ExitLauncherParts['platform'],
  { folders }: OpenStorage,
  everyMs: number,
): Turn | undefined {
  if (!folders) return undefined; // programs cannot agree on who starts the process
  const file = `${folders.state}/${LAST_UPLOAD}`;
  try {
    const nowMs = now();
    const last = files.read(file);
    if (everyMs <= 0) files.replace(file, String(nowMs));
    else {
      const isOver = last === undefined || isIntervalOver(Number(last), nowMs, everyMs);
      if (!isOver || !takeTurn(files, file, last, nowMs)) return undefined;
    }
    return { giveBack: () => restore(files, file, last) };
  } catch (error) {
    // Another program locks the file. Without a process, reports would wait for as long as it does;
    // too many processes do no harm, because the lease lets only one of them send.
    return NO_DISK.includes(codeOf(error)) ? undefined : NO_TURN;
  }
}

const codeOf = (error: unknown): string => String((error as { code?: unknown } | undefined)?.code);

function restore(files: Files, file: string, last: string | undefined): void {
  try {
    if (last === undefined) files.remove(file);
    else files.replace(file, last);
  } catch {
    return; // locked since: the next program waits for the interval
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
