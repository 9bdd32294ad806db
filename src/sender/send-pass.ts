import type { Choice } from '../consent/decide.js';
import { disablingVariable } from '../consent/environment.js';
import {
  afterFailure,
  afterRetired,
  afterSuccess,
  retiredKey,
  loadState,
  saveState,
  waitMs,
} from '../delivery/delivery-state.js';
import type { Lease, Leases } from '../delivery/lease.js';
import {
  NAME_NOT_FOUND,
  NOTHING_SENT,
  type SenderJob,
  type SendResult,
} from '../delivery/protocol.js';
import { dropEntries, type DropReason, totalDropped } from '../drop-reasons.js';
import type { Env } from '../platform/platform.js';
import { discardOutbox } from '../storage/discard-outbox.js';
import type { KeyValueStorage, OutboxStorage } from '../storage/storage.js';
import type { OutboxResult, SendOutboxParts } from './segments.js';

/** The outbox of a host that only it can reach has no other sender: no lease is needed. */
export interface Source {
  readonly outbox: OutboxStorage;
  readonly leases: Leases | undefined;
  /** A lease that was taken for this sender already. */
  readonly lease?: Lease;
}

/** An outbox, and whether this sender may still empty it. */
type OpenOutbox = Pick<SendOutboxParts, 'outbox' | 'mayGoOn'>;

/** What an attempt takes. */
export interface AttemptParts {
  readonly job: SenderJob;
  readonly env: Env;
  readonly storage: KeyValueStorage;
  /** What the user has chosen, as it is kept now. */
  readonly choice: () => Choice | undefined | Promise<Choice | undefined>;
  readonly now: () => number;
  /** 0 to 1. */
  readonly random: () => number;
  /** Calls back again and again. Returns how to cancel it. */
  readonly every: (ms: number, callback: () => void) => () => void;
  /** Whether this sender was told to end: what fails then says nothing of the collector. */
  readonly isStopped: () => boolean;
  readonly send: (parts: OpenOutbox, retries: number) => Promise<OutboxResult>;
  /** Drops what this version has left, and sends nothing. */
  readonly dropVersion: (parts: OpenOutbox) => Promise<OutboxResult>;
}

const TURNED_OFF = 'telemetry was turned off';
const UNREADABLE = 'the user’s choice cannot be read';
const RENEW_EVERY_MS = 2_000;
/** Repeated at once only while nothing says that the collector is down for longer. */
const RETRIES = 2;
/** Nobody but the name servers is asked again. */
const NAME_RETRY_MS = 60_000;

/**
 * Sends all that waits in one outbox, as the one sender of this machine: under the lease, not
 * before the time that the last failure or the collector has set, and not for a version that the
 * collector wants nothing of, and no longer than the user wants it. Looks again after it has let go of the lease: whoever came meanwhile
 * found it taken, and left.
 */
export async function attempt(source: Source, parts: AttemptParts): Promise<SendResult> {
  const { job, env } = parts;
  if (disablingVariable(env, job.project) !== undefined) {
    return { ...NOTHING_SENT, error: TURNED_OFF };
  }
  const said = await telemetryOf(parts);
  if (said !== 'on') {
    source.lease?.release();
    return stopped(NOTHING_SENT, source.outbox, said); // recorded by programs that did not know yet
  }
  let result: SendResult = NOTHING_SENT;
  let { lease } = source;
  for (;;) {
    lease ??= source.leases?.acquire(job.handover?.dyingPid);
    if (!lease && source.leases) {
      return { ...result, error: result.error ?? 'another process is sending' };
    }
    const sent = await underLease(source.outbox, lease, parts);
    result = add(result, sent);
    lease = undefined;
    const now = await telemetryOf(parts);
    // Whoever turned it off could not delete what was claimed.
    if (now !== 'on') return stopped(result, source.outbox, now);
    // What is left cannot be claimed, or is not for this version to send.
    const isDone = sent.sent + totalDropped(sent.dropped) === 0 || sent.queued > 0;
    if (isDone || sent.error !== undefined || !source.leases) return result;
    if ((await source.outbox.list()).length === 0) return result;
  }
}

/** The user may say no at any moment, also between two requests. */
async function telemetryOf({ choice }: Pick<AttemptParts, 'choice'>): Promise<Choice['telemetry']> {
  return (await choice())?.telemetry ?? 'on';
}

/** A no deletes what waits; a choice that cannot be read now may be a yes, and keeps it. */
async function stopped(
  result: SendResult,
  outbox: OutboxStorage,
  said: 'off' | 'unreadable',
): Promise<SendResult> {
  if (said === 'unreadable') return { ...result, error: UNREADABLE };
  await discardOutbox(outbox);
  return { ...result, queued: 0, error: TURNED_OFF };
}

async function underLease(
  outbox: OutboxStorage,
  lease: Lease | undefined,
  parts: AttemptParts,
): Promise<SendResult> {
  let isMine = stillMine(lease); // one that was handed over may have waited for long
  const cancel = parts.every(RENEW_EVERY_MS, () => {
    isMine = stillMine(lease);
  });
  try {
    return await once(outbox, parts, async () => isMine && (await telemetryOf(parts)) === 'on');
  } finally {
    cancel();
    lease?.release();
  }
}

/** A disk that fails says nothing about who holds the lease. */
function stillMine(lease: Lease | undefined): boolean {
  try {
    return lease?.renew() ?? true;
  } catch {
    return true;
  }
}

async function once(
  outbox: OutboxStorage,
  { job, storage, now, random, send, dropVersion, isStopped }: AttemptParts,
  mayGoOn: SendOutboxParts['mayGoOn'],
): Promise<SendResult> {
  const state = await loadState(storage);
  const key = retiredKey(job.version, job.endpoint.url);
  const waiting = waitMs(state, now());
  if (waiting > 0) {
    const error = 'waiting for the time of the next attempt';
    return { ...NOTHING_SENT, error, nextAttemptMs: now() + waiting };
  }
  const parts = { outbox, mayGoOn };
  if (state.retired.includes(key)) return dropVersion(parts);
  const result = await send(parts, state.failures === 0 && !job.endpoint.implicit ? RETRIES : 0);
  lose(outbox, result);
  if (result.isRetired) {
    await saveState(storage, afterRetired(state, key));
    return add({ ...result, queued: 0 }, await dropVersion(parts)); // it finds what was kept again
  }
  if (result.error === undefined) {
    if (result.sent > 0) await saveState(storage, afterSuccess(state, now()));
    return { ...result, ...(result.failure !== undefined && { error: result.failure }) };
  }
  if (isStopped()) return result;
  if (!job.handover && result.error === NAME_NOT_FOUND) {
    return { ...result, nextAttemptMs: now() + NAME_RETRY_MS }; // a child need not wait for that
  }
  const failed = afterFailure(state, {
    nowMs: now(),
    random: random(),
    ...(result.retryAfterMs !== undefined && { retryAfterMs: result.retryAfterMs }),
  });
  await saveState(storage, failed);
  return { ...result, nextAttemptMs: failed.notBeforeMs };
}

/** Losses of sending count for the install; those of an unwanted version are none. */
function lose(outbox: OutboxStorage, { dropped }: SendResult): void {
  const lost = totalDropped(dropped) - (dropped.retired ?? 0);
  try {
    if (lost > 0) outbox.lose?.(lost);
  } catch {
    return; // a full disk: they stay counted in this process's status
  }
}

/** Two results as one; what the second says of the next attempt holds. */
export function add(first: SendResult, second: SendResult): SendResult {
  const dropped: Partial<Record<DropReason, number>> = { ...first.dropped };
  for (const [reason, reports] of dropEntries(second.dropped)) {
    dropped[reason] = (dropped[reason] ?? 0) + reports;
  }
  const { error, nextAttemptMs, idSource = first.idSource } = second;
  return {
    sent: first.sent + second.sent,
    queued: first.queued + second.queued,
    dropped,
    ...(error !== undefined && { error }),
    ...(nextAttemptMs !== undefined && { nextAttemptMs }),
    ...(idSource !== undefined && { idSource }),
  };
}
