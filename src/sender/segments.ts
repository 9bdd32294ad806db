import type { SenderJob, SendResult } from '../delivery/protocol.js';
import { rememberCollector } from '../delivery/known-collectors.js';
import type { DropReason } from '../drop-reasons.js';
import type { Endpoint } from '../project/endpoint.js';
import { completeReport, type Draft, type Identity } from '../report/draft.js';
import { readSegment, type SegmentContent, segmentText } from '../storage/outbox-lines.js';
import type { KeyValueStorage, OutboxStorage } from '../storage/storage.js';
import { type IdSource, MAX_BATCH_REPORTS, type Report } from '../wire/report.js';
import { type Outcome, upload, type UploadParts, type UploadResult } from './upload.js';

/** What sending an outbox takes. */
export interface SegmentParts extends UploadParts {
  readonly outbox: OutboxStorage;
  readonly storage: KeyValueStorage;
  /** The ID in reports to an endpoint, with the owner for it. */
  readonly identify: (container: boolean, endpoint: Endpoint) => Promise<Identity>;
}

/** The result of {@link sendSegments}. */
export interface SegmentsResult extends SendResult {
  readonly retryAfterMs?: number;
  readonly isRetired?: true;
  /** An error of the storage: it says nothing of the collector. */
  readonly failure?: string;
  /** The names of the segments that were looked at and stay in the outbox. */
  readonly left: ReadonlySet<string>;
}

type ClaimParts = Pick<SegmentParts, 'outbox' | 'identify'> & {
  readonly job: Pick<SenderJob, 'endpoint'>;
};

interface ClaimedSegment {
  readonly name: string;
  /** Where its reports go, and how it was named when they were recorded. */
  readonly endpoint: Endpoint;
  readonly drafts: readonly Draft[];
  readonly identity: Identity | undefined;
  readonly lostTotal: number;
  readonly unreadable: number;
}

/**
 * Sends all queued reports: claims segments, completes their reports, uploads them, and removes
 * each segment whose reports all have a final outcome. Stops at the first failure.
 */
export async function sendSegments(parts: SegmentParts): Promise<SegmentsResult> {
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
  const left = new Set<string>();
  while (last.error === undefined && hasSettled && !last.isRetired && (await parts.mayGoOn())) {
    const { segments, error } = await claimBatch(parts, left);
    failure ??= error;
    if (segments.length === 0) break;
    const reports = segments.flatMap(completeAll);
    idSource = reports[0]?.info.id_source ?? idSource;
    last = reports.length === 0 ? { outcomes: [] } : await upload(reports, parts);
    let position = 0;
    for (const segment of segments) {
      const outcomes = last.outcomes.slice(position, (position += segment.drafts.length));
      for (const outcome of outcomes) count(outcome, 1);
      count('unreadable', segment.unreadable);
      if (outcomes.includes('queued')) left.add(segment.name);
      if (outcomes.includes('sent')) await rememberReceiver(segment, parts.storage);
      const unsettled = await settled(parts.outbox, segment, outcomes);
      failure ??= unsettled;
      hasSettled &&= unsettled === undefined; // else the same segment is sent again and again
    }
  }
  const { error, retryAfterMs, isRetired } = last;
  return {
    ...total,
    left,
    ...(failure !== undefined && { failure }),
    ...(error !== undefined && { error }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
    ...(isRetired && { isRetired }),
    ...(idSource !== undefined && { idSource }),
  };
}

/** A kept ID has an owner, who may ask the collector for its data. */
async function rememberReceiver(
  { identity, endpoint }: ClaimedSegment,
  storage: KeyValueStorage,
): Promise<void> {
  if (!identity?.id_persisted) return;
  await rememberCollector(storage, { endpoint, anonymousId: identity.anonymous_id });
}

/** The reports that {@link sendSegments} would send first, by the same steps. Keeps no claim. */
export async function previewSegments(parts: ClaimParts): Promise<Report[]> {
  const { segments } = await claimBatch(parts, new Set());
  for (const { name } of segments) await parts.outbox.release(name);
  return segments.flatMap(completeAll);
}

/** A full disk fails every time, and an app's own storage may take seconds to fail. */
const MAX_FAILURES = 3;

/**
 * Claims segments, up to one full request. Gives back those that cannot be prepared, and those for
 * another endpoint. Adds to `left` the names of segments that are not this sender's.
 */
async function claimBatch(
  parts: ClaimParts,
  left: Set<string>,
): Promise<{ readonly segments: readonly ClaimedSegment[]; readonly error?: string }> {
  const segments: ClaimedSegment[] = [];
  const errors: string[] = [];
  const { outbox, job } = parts;
  let reports = 0;
  for (const name of await outbox.list()) {
    if (left.has(name)) continue;
    const text = await outbox.claim(name);
    if (text === undefined) {
      left.add(name); // another sender was faster
      continue;
    }
    const content = readSegment(text);
    if (isForeign(content, job.endpoint)) {
      left.add(name);
      await giveBack(outbox, name);
      continue;
    }
    try {
      const segment = await identifySegment(name, content, parts);
      segments.push(segment);
      reports += segment.drafts.length;
    } catch (error) {
      errors.push(storageError(error));
      await giveBack(outbox, name);
    }
    if (reports >= MAX_BATCH_REPORTS || errors.length >= MAX_FAILURES) break;
  }
  const [error] = errors;
  return { segments, ...(error !== undefined && { error }) };
}

/** The code of a storage's error: its message may contain paths. */
export const storageError = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : 'the storage failed';

/**
 * Reports recorded while HEADCOUNT_ENDPOINT was set go to that address alone, and an address from
 * HEADCOUNT_ENDPOINT gets only those. Each segment has one endpoint, as each process has.
 */
function isForeign(
  { drafts: [first] }: SegmentContent,
  { url, fromEnvironment }: SenderJob['endpoint'],
): boolean {
  if (first === undefined) return false;
  return first.endpoint === undefined ? fromEnvironment === true : first.endpoint !== url;
}

/** Drafts have an endpoint if it came from HEADCOUNT_ENDPOINT: reports to it have another ID. */
const endpointOf = ([first]: readonly Draft[], named: Endpoint): Endpoint =>
  first?.endpoint === undefined ? named : { ...named, fromEnvironment: true };

/** Never rejects: a segment that stays claimed is claimed again once its claimer is gone. */
async function giveBack(outbox: OutboxStorage, name: string): Promise<void> {
  try {
    await outbox.release(name);
  } catch {
    return;
  }
}

/** Writes the ID and the total of losses into the segment when it is first claimed. */
async function identifySegment(
  name: string,
  { drafts, unreadable: damaged, fixed }: SegmentContent,
  { outbox, identify, job }: ClaimParts,
): Promise<ClaimedSegment> {
  // A segment without a readable report counts as at least one loss.
  const unreadable = damaged || Number(drafts.length === 0);
  const endpoint = endpointOf(drafts, job.endpoint);
  if (fixed) return { name, endpoint, drafts, unreadable, ...fixed };
  const needsId = drafts.find((draft) => draft.given_id === undefined);
  const identity = needsId && (await identify(needsId.info.container, endpoint));
  const lostTotal = await lostTotalOf(outbox);
  if (drafts.length > 0) await outbox.rewrite(name, segmentText({ identity, lostTotal }, drafts));
  return { name, endpoint, drafts, unreadable, identity, lostTotal };
}

/** An unreadable total delays no report; a later report has the total. */
async function lostTotalOf(outbox: OutboxStorage): Promise<number> {
  try {
    return (await outbox.lostTotal?.()) ?? 0;
  } catch {
    return 0;
  }
}

function completeAll({ drafts, identity, lostTotal }: ClaimedSegment): Report[] {
  return drafts.map((draft) => {
    const given = draft.given_id === undefined ? identity : givenIdentity(draft.given_id);
    if (!given) throw new Error('a draft without a given ID got none when it was claimed');
    return completeReport(draft, given, lostTotal);
  });
}

const givenIdentity = (anonymous_id: string): Identity => ({
  anonymous_id,
  id_source: anonymous_id.startsWith('ci-') ? 'ci' : 'given',
  id_persisted: true,
});

/** Resolves with the error, if any: the segment is sent again then, and its reports count once. */
async function settled(
  outbox: OutboxStorage,
  segment: ClaimedSegment,
  outcomes: readonly Outcome[],
): Promise<string | undefined> {
  try {
    return await settle(outbox, segment, outcomes);
  } catch (error) {
    await giveBack(outbox, segment.name);
    return storageError(error);
  }
}

async function settle(
  outbox: OutboxStorage,
  { name, drafts, identity, lostTotal }: ClaimedSegment,
  outcomes: readonly Outcome[],
): Promise<undefined> {
  const left = drafts.filter((_, index) => (outcomes[index] ?? 'queued') === 'queued');
  if (left.length === 0) await outbox.remove(name);
  else {
    if (left.length < drafts.length) {
      await outbox.rewrite(name, segmentText({ identity, lostTotal }, left));
    }
    await outbox.release(name);
  }
}
