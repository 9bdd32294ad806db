import { firstChoice } from '../consent/choice.js';
import type { Choice } from '../consent/decide.js';
import { disablingVariable } from '../consent/environment.js';
import {
  afterFailure,
  afterRetired,
  afterSuccess,
  loadState,
  retiredKey,
  saveState,
  stateFor,
  waitMs,
} from '../delivery/delivery-state.js';
import type { Lease, Leases } from '../delivery/lease.js';
import {
  MAX_CHILD_WAIT_MS,
  NAME_NOT_FOUND,
  NOTHING_SENT,
  type SenderJob,
  type SendResult,
} from '../delivery/protocol.js';
import { dropEntries, type DropReason, totalDropped } from '../drop-reasons.js';
import { LAST_UPLOAD } from '../file-names.js';
import type { Env, Files } from '../platform/platform.js';
import { rememberApp } from '../project/app-record.js';
import { discardOutbox } from '../storage/discard-outbox.js';
import type { OutboxStorage } from '../storage/storage.js';
import type { Clock } from './platform/sender-platform.js';
import { hasTime } from './post.js';
import { type SegmentParts, sendSegments, type SegmentsResult } from './segments.js';

/** An outbox to send. One that only this process can reach needs no lease. */
export interface Source {
  readonly outbox: OutboxStorage;
  readonly leases: Leases | undefined;
}

/** What sending takes beside the outbox. */
export interface SendParts extends Omit<
  SegmentParts,
  'outbox' | 'job' | 'clock' | 'files' | 'retries' | 'mayGoOn' | 'isRetired'
> {
  readonly job: SenderJob;
  readonly env: Env;
  readonly clock: Clock;
  readonly files: Pick<Files, 'read' | 'replace' | 'stat' | 'list'>;
}

const TURNED_OFF = 'telemetry was turned off';
const UNREADABLE = 'the user’s choice cannot be read';
const RENEW_INTERVAL_MS = 2_000;
/** A request is repeated at once only if the last pass did not fail. */
const RETRIES = 2;
/** An unknown name may be known a minute later; other failures wait for the backoff. */
const NAME_RETRY_MS = 60_000;
/** How long the newest child waits before it tries to take the lease again. */
const LEASE_RETRY_MS = 250;
/** How often the newest child looks for reports of programs that end just after its host. */
const LOOK_AGAIN_MS = 1_000;
/** So many looks without a new segment end it, while other programs have reports that are open. */
const QUIET_LOOKS = 3;

/**
 * Sends one outbox, as the only sender of this machine, until it has no new segments.
 *
 * No report is left for a later run when programs end together: each report is sealed before a
 * child is started for it, and the newest child ends only after it has held the lease and looked.
 * All other senders leave at once if the lease is taken: its holder looks again after it released
 * the lease.
 */
export async function sendPass(source: Source, parts: SendParts): Promise<SendResult> {
  const { job, env, clock, stop } = parts;
  const { outbox, leases } = source;
  if (disablingVariable(env, job.project) !== undefined) {
    return { ...NOTHING_SENT, error: TURNED_OFF };
  }
  const telemetry = await telemetryOf(parts);
  // Programs may have recorded these before they learned of the opt-out.
  if (telemetry !== 'on') return giveUp(NOTHING_SENT, outbox, telemetry);
  if (job.app) rememberApp(parts.files, job.folders, job.app);
  const startedMs = lastStartMs(parts);
  const isNewestChild = (): boolean =>
    job.handover !== undefined && lastStartMs(parts) === startedMs && hasTime(parts);
  let result: SendResult = NOTHING_SENT;
  for (;;) {
    const lease = leases?.acquire(job.handover?.dyingPid);
    if (!lease && leases) {
      if (!isNewestChild()) return { ...result, error: 'another process is sending' };
      await clock.sleep(LEASE_RETRY_MS, stop);
      continue;
    }
    const sent = await underLease(outbox, lease, parts);
    result = addResults(result, sent);
    const telemetryNow = await telemetryOf(parts);
    // An opt-out meanwhile could not delete what was claimed.
    if (telemetryNow !== 'on') return giveUp(result, outbox, telemetryNow);
    if (sent.error !== undefined || !leases) return result;
    if (await hasNew(sent, source, parts)) continue;
    // A program that ends now starts no child, because this one was started so recently.
    let isQuiet = true;
    for (let look = 0; isQuiet && isNewestChild() && look < quietLooks(parts); look += 1) {
      await clock.sleep(LOOK_AGAIN_MS, stop);
      isQuiet = !(await hasNew(sent, source, parts));
    }
    if (isQuiet) return result;
  }
}

/** On a busy machine, the ends of programs that end together are seconds apart. */
function quietLooks({ job: { folders }, files }: SendParts): number {
  const isOpen = folders && files.list(folders.outbox).some((file) => file.endsWith('.open'));
  return isOpen ? QUIET_LOOKS : 1;
}

/** Whether there is a segment that the last pass has not looked at, and time to send it. */
async function hasNew(
  { left }: SegmentsResult,
  { outbox }: Source,
  parts: SendParts,
): Promise<boolean> {
  return hasTime(parts) && (await outbox.list()).some((name) => !left.has(name));
}

/** When the last child was started. Its host writes that before the start. */
function lastStartMs({ job: { folders }, files }: SendParts): number | undefined {
  try {
    return folders && files.stat(`${folders.state}/${LAST_UPLOAD}`)?.modifiedMs;
  } catch {
    return undefined; // a folder that this user may not read
  }
}

/** Read anew each time: the user may opt out at any moment, also between two requests. */
async function telemetryOf({ job, files }: SendParts): Promise<Choice['telemetry']> {
  const choice = await firstChoice(
    job.choiceFiles.map((source) => ({ source, get: () => files.read(source) })),
  );
  return choice?.telemetry ?? 'on';
}

/** After an opt-out, deletes queued reports. Keeps them if the choice is unreadable. */
async function giveUp(
  result: SendResult,
  outbox: OutboxStorage,
  telemetry: 'off' | 'unreadable',
): Promise<SendResult> {
  if (telemetry === 'unreadable') return { ...result, error: UNREADABLE };
  await discardOutbox(outbox);
  return { ...result, queued: 0, error: TURNED_OFF };
}

async function underLease(
  outbox: OutboxStorage,
  lease: Lease | undefined,
  parts: SendParts,
): Promise<SegmentsResult> {
  let isMine = true;
  const cancel = parts.clock.every(RENEW_INTERVAL_MS, () => {
    isMine = renew(lease);
  });
  const mayGoOn = async (): Promise<boolean> =>
    isMine && hasTime(parts) && (await telemetryOf(parts)) === 'on';
  try {
    return await sendOnce({ ...parts, outbox, mayGoOn, retries: 0, isRetired: false });
  } finally {
    cancel();
    lease?.release();
  }
}

/** False if another process took the lease. An error of the disk does not tell. */
function renew(lease: Lease | undefined): boolean {
  try {
    return lease?.renew() ?? true;
  } catch {
    return true;
  }
}

/** Sends, unless senders must wait, and keeps the new delivery state for all of them. */
async function sendOnce(parts: SendParts & SegmentParts): Promise<SegmentsResult> {
  const { outbox, job, storage, clock, stop } = parts;
  const state = stateFor(await loadState(storage), job.endpoint);
  const key = retiredKey(job.version, job.endpoint.url);
  const waiting = waitMs(state, clock.now());
  if (waiting > (job.handover ? MAX_CHILD_WAIT_MS : 0)) {
    const error = 'waiting for the time of the next attempt';
    return { ...NOTHING_LEFT, error, nextAttemptMs: clock.now() + waiting };
  }
  if (waiting > 0) await clock.sleep(waiting, stop);
  if (state.retired.includes(key)) return sendSegments({ ...parts, isRetired: true });
  const retries = state.failures === 0 && !job.endpoint.implicit ? RETRIES : 0;
  const result = await sendSegments({ ...parts, retries });
  countLosses(outbox, result);
  if (result.isRetired) {
    await saveState(storage, afterRetired(state, key));
    const dropped = await sendSegments({ ...parts, isRetired: true });
    return { ...addResults({ ...result, queued: 0 }, dropped), left: dropped.left };
  }
  if (result.error === undefined) {
    if (result.sent > 0) await saveState(storage, afterSuccess(state, clock.now()));
    return { ...result, ...(result.failure !== undefined && { error: result.failure }) };
  }
  if (stop.aborted) return result; // it was cancelled, which says nothing of the collector
  if (!job.handover && result.error === NAME_NOT_FOUND) {
    return { ...result, nextAttemptMs: clock.now() + NAME_RETRY_MS }; // a child need not wait
  }
  const failed = afterFailure(state, {
    nowMs: clock.now(),
    random: clock.random(),
    isImplicit: job.endpoint.implicit,
    ...(result.retryAfterMs !== undefined && { retryAfterMs: result.retryAfterMs }),
  });
  await saveState(storage, failed);
  return { ...result, nextAttemptMs: failed.notBeforeMs };
}

const NOTHING_LEFT: SegmentsResult = { ...NOTHING_SENT, left: new Set() };

/** Adds to the install's total of losses. Reports of a retired version are not losses. */
function countLosses(outbox: OutboxStorage, { dropped }: SendResult): void {
  const lost = totalDropped(dropped) - (dropped.retired ?? 0);
  try {
    if (lost > 0) outbox.lose?.(lost);
  } catch {
    return; // a full disk: the status of this process has the count
  }
}

/** The sum of two results; the later one says when to try again. */
export function addResults(first: SendResult, later: SendResult): SendResult {
  const dropped: Partial<Record<DropReason, number>> = { ...first.dropped };
  for (const [reason, reports] of dropEntries(later.dropped)) {
    dropped[reason] = (dropped[reason] ?? 0) + reports;
  }
  const { error, nextAttemptMs, idSource = first.idSource } = later;
  return {
    sent: first.sent + later.sent,
    queued: first.queued + later.queued,
    dropped,
    ...(error !== undefined && { error }),
    ...(nextAttemptMs !== undefined && { nextAttemptMs }),
    ...(idSource !== undefined && { idSource }),
  };
}
