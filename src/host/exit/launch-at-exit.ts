import type { Handover, SenderJob } from '../../delivery/protocol.js';
import { LAST_UPLOAD } from '../../file-names.js';
import type { Files } from '../../platform/platform.js';
import type { ResolvedOptions } from '../../options.js';
import type { Setup } from '../../project/setup.js';
import type { OpenStorage } from '../../storage/open-storage.js';
import { linesIn } from '../../storage/segment-name.js';
import type { SenderThreads } from '../deferred/sender-threads.js';
import { isIntervalOver } from '../exit-interval.js';
import type { HostPlatform } from '../host-platform.js';
import { makeJob } from './make-job.js';

/** What the exit launcher needs. */
export interface ExitLauncherParts {
  readonly platform: HostPlatform;
  readonly setup: Setup;
  readonly options: ResolvedOptions;
  readonly opened: OpenStorage;
  /** Each project and user starts one process in this time, and always the first of a day. */
  readonly exitUploadIntervalMs: number;
  /** The wait in the senders' shared delivery state. */
  readonly waitMs: () => number;
}

/** Linux allows 128 KiB in one variable, Windows 32 K characters in the whole environment. */
const MAX_HANDED_BYTES = 24 * 1024;

/**
 * Hands the queue to a process that outlives the host, as the host's last action. If many programs
 * end at the same time, one of them starts a process, which sends for all of them. Where none can be
 * started, or might end with a container, a thread sends, and the host waits for it within the app's
 * budget.
 *
 * @param threads - what has sent for the host so far, if anything has
 * @returns whether a process or a thread was started
 */
export function launchAtExit(parts: ExitLauncherParts, threads?: SenderThreads): boolean {
  const { platform, opened, options, exitUploadIntervalMs } = parts;
  const { processes, sender } = platform;
  // Neither could ask an app's own storage for the ID: this person would be counted as another one.
  const isOwn = opened.kind === 'custom';
  // Nobody waits for a thread that may not try yet.
  const mayWait = !isOwn && options.exitBudgetMs > 0 && parts.waitMs() === 0 && sender.hasThreads();
  const mayStart = !isOwn && sender.childObstacle(mayWait) === undefined;
  const maxBytes = mayStart ? MAX_HANDED_BYTES : mayWait ? Infinity : 0;
  const { lines, rest } = takeLines(opened.memory, maxBytes);
  // If the process lives on, another thread may be sending: its reports must not go out twice.
  const dyingPid = processes.endsWithThisThread() ? processes.pid : undefined;
  const turn =
    lines !== ''
      ? NO_TURN
      : (mayStart || mayWait) && turnOf(platform, opened, exitUploadIntervalMs);
  const handover: Handover = {
    ...(dyingPid !== undefined && { dyingPid }),
    ...(lines !== '' && { lines }),
  };
  const job: SenderJob = { ...makeJob(parts.setup, opened, parts.options), handover };
  const isStarted = turn && mayStart && typeof sender.process(job) === 'number';
  const settled = !isStarted && turn && mayWait ? sendHere(parts, threads, lines) : undefined;
  const isTried = isStarted || settled !== undefined;
  if (turn && !isTried) turn.giveBack();
  lose(opened, rest + (isStarted ? 0 : linesIn(lines) - (settled ?? 0)));
  return isTried;
}

/** Sends while the host waits. Returns how many of the lines need no sender any more. */
function sendHere(
  { platform, opened, setup, options }: ExitLauncherParts,
  threads: SenderThreads | undefined,
  lines: string,
): number | undefined {
  const deferred = platform.deferred();
  const own = threads ?? deferred?.sendersFor(platform, opened, setup, options);
  return own && deferred?.sendInExit(own, lines, options.exitBudgetMs, platform);
}

/**
 * Claims the reports in memory, for a sender that cannot read this memory: the lines that fit into
 * `maxBytes`, and how many are left.
 */
function takeLines(
  memory: OpenStorage['memory'],
  maxBytes: number,
): { readonly lines: string; readonly rest: number } {
  let lines = '';
  let rest = 0;
  for (const name of memory.list() as readonly string[]) {
    const segment = memory.claim(name) as string | undefined;
    for (const line of segment?.match(/.+\n/g) ?? []) {
      if (rest === 0 && lines.length + line.length <= maxBytes) lines += line;
      else rest += 1;
    }
  }
  return { lines, rest };
}

/** Moves reports from memory to the outbox, which may work again. */
export function rescue({ outbox, memory }: OpenStorage): void {
  if (outbox === memory) return;
  for (const name of memory.list() as readonly string[]) {
    try {
      outbox.append(memory.claim(name) as string);
      void memory.remove(name);
    } catch {
      void memory.release(name);
    }
  }
  outbox.seal();
}

/** Counts reports that end with this process. The next run sends the total. */
function lose({ outbox }: OpenStorage, reports: number): void {
  try {
    if (reports > 0) outbox.lose?.(reports);
  } catch {
    return; // nothing can be written
  }
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
  platform: ExitLauncherParts['platform'],
  { folders }: OpenStorage,
  everyMs: number,
): Turn | undefined {
  if (!folders) return undefined; // programs cannot agree on who starts the process
  const { files } = platform;
  const file = `${folders.state}/${LAST_UPLOAD}`;
  try {
    const nowMs = platform.now();
    const last = files.read(file);
    if (everyMs <= 0) files.replace(file, String(nowMs));
    else {
      const isOver = last === undefined || isIntervalOver(last, nowMs, everyMs);
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
