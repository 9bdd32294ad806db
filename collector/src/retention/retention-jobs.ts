import { rm, stat } from 'node:fs/promises';
import type { Job, JobResult, JobTurn } from '../jobs/job.js';
import {
  listLogFiles,
  LOG_CLASSES,
  type LogClass,
  logFilePath,
  logsFolder,
} from '../logs/log-names.js';
import { DAY_MS, dayOf, DEFAULT_ZONE } from '../rules/day.js';
import { KEPT_BY_OPTION, type KeptByOption, type Retention } from '../rules/retention-classes.js';
import type { SharedRuns } from '../store/shared-store.js';
import type { DropCursor, Dropped, DropSlice } from '../store/store.js';
import { findOldSnapshots, removeSnapshots } from './snapshots.js';

export interface RetentionParts {
  readonly retention: Retention;
  /** The data folder. */
  readonly folder: string;
  /** Whether this node drops what the store keeps, and not its own files alone. */
  readonly isLeader: () => boolean;
  /** When what the store keeps was last dropped from. */
  readonly runs: SharedRuns;
  /** Drops a part of what the store keeps. */
  readonly drop: (slice: DropSlice) => Promise<Dropped> | Dropped;
  /** Drops the samples of performance before a minute, numbered since 1970, or counts them. */
  readonly dropPerformance: (before: number, isDry: boolean) => Promise<DroppedOfClass>;
  /** Lets reports be counted before the next slice. */
  readonly letCount: () => Promise<unknown>;
}

/** How many rows, or files, of a kind of data were dropped, and about how much room they took. */
export interface DroppedOfClass {
  readonly rows: number;
  readonly bytes: number;
}

/** The jobs of retention. */
export const RETENTION_JOBS = { run: 'retention', rehearse: 'retention-rehearsal' } as const;

/** Drops once a day what is older than it may be; and, on demand, counts what that would be. */
export function createRetentionJobs(parts: RetentionParts): readonly [run: Job, rehearsal: Job] {
  return [
    {
      name: RETENTION_JOBS.run,
      everyMs: DAY_MS,
      isOwed: async () => parts.isLeader() && (await parts.runs.isOwed(RETENTION_JOBS.run, DAY_MS)),
      run: (turn) => dropAll(parts, turn, false),
    },
    {
      name: RETENTION_JOBS.rehearse,
      everyMs: Infinity,
      run: (turn) => dropAll(parts, turn, true),
    },
  ];
}

/** Drops everything that is too old, or counts it. */
export async function dropAll(
  parts: RetentionParts,
  turn: JobTurn,
  isDry: boolean,
): Promise<JobResult> {
  const isLeader = parts.isLeader();
  const dropped: Partial<Record<KeptByOption, DroppedOfClass>> = {};
  for (const [at, name] of KEPT_BY_OPTION.entries()) {
    const days = parts.retention[name];
    const share = at / KEPT_BY_OPTION.length;
    if (days === null) dropped[name] = { rows: 0, bytes: 0 };
    else if (isLogClass(name)) dropped[name] = await dropLogFiles(parts, name, days, turn, isDry);
    else if (name === 'snapshots') dropped[name] = dropSnapshots(parts, days, turn, isDry);
    else if (!isDry && !isLeader) dropped[name] = NONE;
    else dropped[name] = await dropRows(parts, { what: name, days }, turn, { share, isDry });
  }
  if (!isDry && isLeader) await parts.runs.note(RETENTION_JOBS.run);
  return { started_at: turn.startedAt.toISOString(), dropped };
}

async function dropRows(
  { drop, letCount }: RetentionParts,
  kept: Pick<DropSlice, 'what' | 'days'>,
  { startedAt, sliceMs, pause }: JobTurn,
  { share, isDry }: { readonly share: number; readonly isDry: boolean },
): Promise<DroppedOfClass> {
  const today = dayOf(startedAt.getTime(), DEFAULT_ZONE);
  let after: DropCursor | null = null;
  let [rows, bytes] = [0, 0];
  do {
    await pause(share);
    await letCount();
    const dropped: Dropped = await drop({ ...kept, today, after, limitMs: sliceMs, isDry });
    rows += dropped.rows;
    bytes += dropped.bytes;
    after = dropped.next;
  } while (after !== null);
  return { rows, bytes };
}

async function dropLogFiles(
  parts: RetentionParts,
  name: LogClass,
  days: number,
  { startedAt }: JobTurn,
  isDry: boolean,
): Promise<DroppedOfClass> {
  // A day of another zone may be one ahead or behind.
  const today = dayOf(startedAt.getTime(), DEFAULT_ZONE);
  const samples = name === 'performance' ? await dropSamples(parts, days, startedAt, isDry) : NONE;
  const logs = logsFolder(parts.folder);
  const old = (await listLogFiles(logs)).filter(
    ({ logClass, day }) => logClass === name && day <= today - days - 1,
  );
  let { bytes } = samples;
  for (const file of old) {
    const path = logFilePath(logs, file);
    bytes += (await stat(path).catch(() => undefined))?.size ?? 0;
    if (!isDry) await rm(path, { force: true });
  }
  return { rows: samples.rows + old.length, bytes };
}

const NONE: DroppedOfClass = { rows: 0, bytes: 0 };

const MINUTES_OF_DAY = 1440;

function dropSamples(
  { dropPerformance }: RetentionParts,
  days: number,
  startedAt: Date,
  isDry: boolean,
): Promise<DroppedOfClass> {
  const minute = Math.floor((startedAt.getTime() / DAY_MS) * MINUTES_OF_DAY);
  return dropPerformance(minute - days * MINUTES_OF_DAY, isDry);
}

const isLogClass = (name: KeptByOption): name is LogClass =>
  (LOG_CLASSES as readonly string[]).includes(name);

function dropSnapshots(
  { folder }: RetentionParts,
  days: number,
  { startedAt }: JobTurn,
  isDry: boolean,
): DroppedOfClass {
  const old = findOldSnapshots(folder, days, startedAt);
  if (!isDry) removeSnapshots(old);
  return { rows: old.length, bytes: old.reduce((sum, { bytes }) => sum + bytes, 0) };
}
