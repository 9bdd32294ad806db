import { disablingVariable } from '../consent/environment.js';
import type { Lease, Leases } from '../delivery/lease.js';
import { NOTHING_SENT, type SenderJob, type SendResult } from '../delivery/protocol.js';
import { LAST_UPLOAD } from '../file-names.js';
import type { Env, Files } from '../platform/platform.js';
import { rememberApp } from '../project/app-record.js';
import { discardOutbox } from '../storage/discard-outbox.js';
import { queueNames } from '../storage/outbox-queues.js';
import type { OutboxStorage } from '../storage/storage.js';
import type { Clock } from './platform/sender-platform.js';
import { hasTime } from './post.js';
import { type Looked, type OutboxParts, sendOtherOutbox, sendOwnOutbox } from './send-outbox.js';
import { addResults } from './send-results.js';
import { type Telemetry, telemetryOf } from './user-consent.js';

/** Outboxes to send. Those that only this process can reach need no lease. */
export interface Source {
  /** The one with the reports for the app's endpoint. */
  readonly own: OutboxStorage;
  /** Those for other endpoints, as they are now. Returns the same objects each time. */
  readonly others: () => readonly OutboxStorage[];
  readonly leases: Leases | undefined;
}

/** What sending takes beside the outboxes. */
export interface SendParts extends Omit<
  OutboxParts,
  'outbox' | 'clock' | 'files' | 'mayGoOn' | 'isBasic'
> {
  readonly job: SenderJob;
  readonly env: Env;
  readonly clock: Clock;
  readonly files: Pick<Files, 'read' | 'replace' | 'stat' | 'list'>;
}

const TURNED_OFF = 'telemetry was turned off';
const UNREADABLE = 'the user’s choice cannot be read';
const RENEW_INTERVAL_MS = 2_000;
/** How long the newest child waits before it tries to take the lease again. */
const LEASE_RETRY_MS = 250;
/** How often the newest child looks for reports of programs that end just after its host. */
const LOOK_AGAIN_MS = 1_000;
/** Far more than any queue takes: a disk may show new segments for ever that nobody has written. */
const MAX_ATTEMPTS = 200;
/** So many looks without a new segment end it, while other programs have reports that are open. */
const QUIET_LOOKS = 3;
/** So many other endpoints are served at the same time. None of them delays another one. */
const MAX_OTHERS = 8;

/**
 * Sends all queues, as the only sender of this machine, until they have no new segments.
 *
 * No report is left for a later run when programs end together: each report is sealed before a
 * child is started for it, and the newest child ends only after it has held the lease and looked.
 * All other senders leave at once if the lease is taken: its holder looks again after it released
 * the lease.
 */
export async function sendPass(source: Source, parts: SendParts): Promise<SendResult> {
  const { job, env, clock, stop } = parts;
  const { leases } = source;
  if (disablingVariable(env, job.project) !== undefined) {
    return { ...NOTHING_SENT, error: TURNED_OFF };
  }
  const telemetry = await telemetryOf(parts);
  // Programs may have recorded these before they learned of the opt-out.
  if (isOff(telemetry)) return giveUp(NOTHING_SENT, source, telemetry);
  if (job.app) rememberApp(parts.files, job.folders, job.app);
  const startedMs = lastStartMs(parts);
  const isNewestChild = (): boolean =>
    job.handover !== undefined && lastStartMs(parts) === startedMs && hasTime(parts);
  const looked: LookedAt = new Map();
  let result: SendResult = NOTHING_SENT;
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
    const lease = leases?.acquire(job.handover?.dyingPid);
    if (!lease && leases) {
      if (!isNewestChild()) return { ...result, error: 'another process is sending' };
      await clock.sleep(LEASE_RETRY_MS, stop);
      continue;
    }
    const sent = await underLease(source, lease, parts, looked);
    result = addResults(result, sent);
    const telemetryNow = await telemetryOf(parts);
    // An opt-out meanwhile could not delete what was claimed.
    if (isOff(telemetryNow)) return giveUp(result, source, telemetryNow);
    if (sent.error !== undefined || !leases) return result;
    if (await hasMore(source, looked, parts)) continue;
    // A program that ends now starts no child, because this one was started so recently.
    let isQuiet = true;
    for (let look = 0; isQuiet && isNewestChild() && look < quietLooks(parts); look += 1) {
      await clock.sleep(LOOK_AGAIN_MS, stop);
      isQuiet = !(await hasMore(source, looked, parts));
    }
    if (isQuiet) return result;
  }
  return result;
}

/** On a busy machine, the ends of programs that end together are seconds apart. */
function quietLooks({ job: { folders }, files }: SendParts): number {
  const isOpen =
    folders &&
    queueNames(files, folders.outbox).some((queue) =>
      files.list(`${folders.outbox}/${queue}`).some((file) => file.endsWith('.open')),
    );
  return isOpen ? QUIET_LOOKS : 1;
}

/** Whether any queue has a segment that no pass has looked at, and there is time to send it. */
async function hasMore(source: Source, looked: LookedAt, parts: SendParts): Promise<boolean> {
  if (!hasTime(parts)) return false;
  for (const outbox of [source.own, ...source.others()]) {
    if (await hasNew(outbox, looked)) return true;
  }
  return false;
}

/** When the last child was started. Its host writes that before the start. */
function lastStartMs({ job: { folders }, files }: SendParts): number | undefined {
  try {
    return folders && files.stat(`${folders.state}/${LAST_UPLOAD}`)?.modifiedMs;
  } catch {
    return undefined; // a folder that this user may not read
  }
}

const isOff = (telemetry: Telemetry): telemetry is 'off' | 'unreadable' =>
  telemetry === 'off' || telemetry === 'unreadable';

/** After an opt-out, deletes queued reports. Keeps them if the choice is unreadable. */
async function giveUp(
  result: SendResult,
  { own, others }: Source,
  telemetry: 'off' | 'unreadable',
): Promise<SendResult> {
  if (telemetry === 'unreadable') return { ...result, error: UNREADABLE };
  for (const outbox of [own, ...others()]) await discardOutbox(outbox);
  return { ...result, queued: 0, error: TURNED_OFF };
}

/** Sends to all endpoints at once, so that none that is slow or silent delays another one. */
async function underLease(
  source: Source,
  lease: Lease | undefined,
  parts: SendParts,
  looked: LookedAt,
): Promise<SendResult> {
  let isMine = true;
  const cancel = parts.clock.every(RENEW_INTERVAL_MS, () => {
    isMine = renew(lease);
  });
  const level = await telemetryOf(parts);
  const isBasic = level === 'basic';
  // A user who allows less meanwhile stops this pass: the next one drops what is more than that.
  const mayGoOn = async (): Promise<boolean> => {
    const now = isMine && hasTime(parts) && (await telemetryOf(parts));
    return now === 'on' || (now === 'basic' && isBasic);
  };
  try {
    const others = await othersWithNew(source, looked, parts);
    const [own, ...sent] = await Promise.all([
      sendOwnOutbox({ ...parts, outbox: source.own, mayGoOn, isBasic }),
      ...others.map((outbox) =>
        sendOtherOutbox({ ...parts, outbox, mayGoOn, isBasic }).catch(() => BROKEN),
      ),
    ]);
    looked.set(source.own, own);
    others.forEach((outbox, index) => looked.set(outbox, sent[index] ?? BROKEN));
    return own.result;
  } finally {
    cancel();
    lease?.release();
  }
}

/** What the last look at each outbox has left. */
type LookedAt = Map<OutboxStorage, Looked>;

/** The queue of another endpoint cannot be read: this does not concern the app. */
const BROKEN: Looked = { left: new Set(), isBlocked: true };

/** Some of the queues for other endpoints that may have reports to send, in no order. */
async function othersWithNew(
  { others }: Source,
  looked: LookedAt,
  { clock }: SendParts,
): Promise<OutboxStorage[]> {
  const found: { readonly outbox: OutboxStorage; readonly order: number }[] = [];
  for (const outbox of others()) {
    if (await hasNew(outbox, looked)) found.push({ outbox, order: clock.random() });
  }
  return found
    .sort((a, b) => a.order - b.order)
    .slice(0, MAX_OTHERS)
    .map(({ outbox }) => outbox);
}

/** Whether there is a segment that no pass has looked at. */
async function hasNew(outbox: OutboxStorage, looked: LookedAt): Promise<boolean> {
  const last = looked.get(outbox);
  if (last?.isBlocked) return false;
  try {
    return (await outbox.list()).some((name) => last?.left.has(name) !== true);
  } catch {
    return false; // another user's folder
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
