import type { Endpoint } from '../project/endpoint.js';
import type { DropReason } from '../drop-reasons.js';
import { recordedFor, segmentText } from '../storage/outbox-lines.js';
import type { OutboxStorage } from '../storage/storage.js';
import type { IdSource, Report } from '../wire/report.js';
import { asBasic, isInBasic } from '../report/basic-level.js';
import { claimBatch, giveBack, type Seen, storageError } from './claim-batch.js';
import {
  type ClaimedSegment,
  endpointOf,
  type FixParts,
  isFor,
  reportsFor,
} from './claimed-segment.js';
import type { InstallState } from './install-state.js';
import type { SegmentsResult } from './send-results.js';
import { type Outcome, upload, type UploadParts, type UploadResult } from './upload.js';

/** A segment may grow while it is sent. A disk may show one again that was removed. */
const MAX_CLAIMS = 3;

/** What sending an outbox to one endpoint, that of the job, takes. */
export interface SegmentParts extends UploadParts, Pick<FixParts, 'outbox' | 'identify'> {
  readonly clock: UploadParts['clock'] & FixParts['clock'];
  readonly install: Pick<InstallState, 'acknowledged'>;
  /** The names of segments that are left alone. */
  readonly passed?: ReadonlySet<string>;
  /** The user lets only `startup` and `alive` be reported: all else is dropped. */
  readonly isBasic?: boolean;
}

/**
 * Sends all queued reports for one endpoint: claims segments, completes their reports, uploads
 * them, and removes each segment whose reports all have a final outcome. Stops at the first
 * failure.
 */
export async function sendSegments(parts: SegmentParts): Promise<SegmentsResult> {
  const { endpoint } = parts.job;
  const total = { sent: 0, queued: 0, dropped: {} as Partial<Record<DropReason, number>> };
  const count = (outcome: Outcome, by: number): void => {
    if (by === 0) return;
    if (outcome === 'sent' || outcome === 'queued') total[outcome] += by;
    else total.dropped[outcome] = (total.dropped[outcome] ?? 0) + by;
  };
  let idSource: IdSource | undefined;
  let failure: string | undefined;
  let last: UploadResult = { outcomes: [] };
  let hasSettled = true;
  const seen: Seen = { left: new Set(parts.passed), foreign: new Map() };
  const claims = new Map<string, number>();
  while (last.error === undefined && hasSettled && !last.isRetired && (await parts.mayGoOn())) {
    const { segments, error } = await claimBatch(parts, seen);
    failure ??= error;
    if (segments.length === 0) break;
    const completed = segments.map((segment) => reportsFor(segment, endpoint));
    const reports = completed.flat();
    idSource = reports[0]?.info.id_source ?? idSource;
    const isAllowed = (report: Report): boolean => !parts.isBasic || isInBasic(report);
    const allowed = parts.isBasic ? reports.filter(isInBasic).map(asBasic) : reports;
    last = allowed.length === 0 ? { outcomes: [] } : await upload(allowed, parts);
    const sent = [...last.outcomes];
    const outcomes = reports.map((report): Outcome =>
      isAllowed(report) ? (sent.shift() ?? 'queued') : 'basic-level',
    );
    for (const [index, segment] of segments.entries()) {
      const own = outcomes.splice(0, completed[index]?.length);
      const times = (claims.get(segment.name) ?? 0) + 1;
      claims.set(segment.name, times);
      const isLeft = own.includes('queued') || seen.foreign.has(segment.name);
      if (isLeft || times >= MAX_CLAIMS) seen.left.add(segment.name);
      if (own.includes('sent')) await rememberReceivers(segment, parts);
      const unsettled = await settled(parts.outbox, segment, endpoint, own);
      failure ??= unsettled;
      if (unsettled === undefined) {
        for (const outcome of own) count(outcome, 1);
        count('unreadable', segment.unreadable);
      } else {
        count('queued', own.length); // they are sent again, and count then
        hasSettled = false; // else the same segment is sent again and again
      }
    }
  }
  const { error, retryAfterMs, isRetired } = last;
  return {
    ...total,
    ...seen,
    ...(failure !== undefined && { failure }),
    ...(error !== undefined && { error }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
    ...(isRetired && { isRetired }),
    ...(idSource !== undefined && { idSource }),
  };
}

/** A kept ID has an owner, who may ask the collector for its data. */
async function rememberReceivers(
  { drafts, identities }: ClaimedSegment,
  { job, install }: SegmentParts,
): Promise<void> {
  const own = drafts.filter((draft) => draft.given_id === undefined && isFor(draft, job.endpoint));
  // Reports that were recorded for the same address have the same ID.
  for (const [recorded, draft] of new Map(own.map((draft) => [recordedFor(draft), draft]))) {
    const identity = identities[recorded];
    if (!identity?.id_persisted) continue;
    const endpoint = endpointOf(draft, job.endpoint);
    await install.acknowledged({ endpoint, anonymousId: identity.anonymous_id });
  }
}

/** The next reports for the endpoint of the job, exactly as they will be sent. Keeps no claim. */
export async function previewSegments(parts: FixParts): Promise<Report[]> {
  const { segments } = await claimBatch(parts, { left: new Set(), foreign: new Map() });
  for (const { name } of segments) await parts.outbox.release(name);
  return segments.flatMap((segment) => reportsFor(segment, parts.job.endpoint));
}

/** Resolves with the error, if any: the segment is sent again then, and its reports count once. */
async function settled(
  outbox: OutboxStorage,
  segment: ClaimedSegment,
  endpoint: Endpoint,
  outcomes: readonly Outcome[],
): Promise<string | undefined> {
  try {
    return await settle(outbox, segment, endpoint, outcomes);
  } catch (error) {
    await giveBack(outbox, segment.name);
    return storageError(error);
  }
}

/** Reports for other endpoints stay. */
async function settle(
  outbox: OutboxStorage,
  { name, drafts, identities, lostTotal }: ClaimedSegment,
  endpoint: Endpoint,
  outcomes: readonly Outcome[],
): Promise<undefined> {
  const own = [...outcomes];
  const left = drafts.filter(
    (draft) => !isFor(draft, endpoint) || (own.shift() ?? 'queued') === 'queued',
  );
  if (left.length === 0) await outbox.remove(name);
  else {
    if (left.length < drafts.length) {
      await outbox.rewrite(name, segmentText({ identities, lostTotal }, left));
    }
    await outbox.release(name);
  }
}
