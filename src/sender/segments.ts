import type { SendResult } from '../delivery/protocol.js';
import type { DropReason } from '../drop-reasons.js';
import type { Endpoint } from '../project/endpoint.js';
import { completeReport, type Draft, type Identity } from '../report/draft.js';
import { readSegment, type SegmentContent, segmentText } from '../storage/outbox-lines.js';
import type { OutboxStorage } from '../storage/storage.js';
import { type IdSource, MAX_BATCH_REPORTS, type Report } from '../wire/report.js';

/** What became of one report: acknowledged, to be tried again, or dropped for a reason. */
export type Outcome = 'sent' | 'queued' | DropReason;

/** What came of delivering some reports. */
export interface Delivered {
  /** The outcome of each report, in their order. */
  readonly outcomes: readonly Outcome[];
  /** Why there is nothing more to be tried now. */
  readonly error?: string;
  /** How long the collector asks to be left alone. */
  readonly retryAfterMs?: number;
  /** The collector wants nothing of this version any more. */
  readonly isRetired?: true;
}

/** What sending an outbox takes. */
export interface SendOutboxParts {
  readonly outbox: OutboxStorage;
  readonly identify: (container: boolean) => Promise<Identity>;
  /** Where these reports would go. */
  readonly endpoint: Pick<Endpoint, 'url' | 'fromEnvironment'>;
  /** Sends reports. Never rejects. */
  readonly deliver: (reports: readonly Report[]) => Promise<Delivered>;
  /** Whether this sender may still send: asked before each request. */
  readonly mayGoOn: () => boolean | Promise<boolean>;
}

/** What came of sending an outbox. */
export interface OutboxResult extends SendResult {
  readonly retryAfterMs?: number;
  readonly isRetired?: true;
  /** What went wrong in the storage: that says nothing of the collector. */
  readonly failure?: string;
}

type ClaimParts = Pick<SendOutboxParts, 'outbox' | 'identify' | 'endpoint'>;

interface ClaimedSegment {
  readonly name: string;
  readonly drafts: readonly Draft[];
  readonly identity: Identity | undefined;
  readonly lostTotal: number;
  readonly unreadable: number;
}

/**
 * Sends everything that waits: claims segments, completes their reports, delivers them, and
 * acknowledges each segment once all of its reports have an outcome. Stops at the first failure:
 * what is left stays for later.
 */
export async function sendOutbox(parts: SendOutboxParts): Promise<OutboxResult> {
  const total = { sent: 0, queued: 0, dropped: {} as Partial<Record<DropReason, number>> };
  const count = (outcome: Outcome, by: number): void => {
    if (by === 0) return;
    if (outcome === 'sent' || outcome === 'queued') total[outcome] += by;
    else total.dropped[outcome] = (total.dropped[outcome] ?? 0) + by;
  };
  let idSource: IdSource | undefined;
  let failure: string | undefined;
  let last: Delivered = { outcomes: [] };
  let hasSettled = true;
  const foreign = new Set<string>();
  while (last.error === undefined && hasSettled && !last.isRetired && (await parts.mayGoOn())) {
    const { segments, error } = await claimBatch(parts, foreign);
    failure ??= error;
    if (segments.length === 0) break;
    const reports = segments.flatMap(completeAll);
    idSource = reports[0]?.info.id_source ?? idSource;
    last = reports.length === 0 ? { outcomes: [] } : await parts.deliver(reports);
    let position = 0;
    for (const segment of segments) {
      const outcomes = last.outcomes.slice(position, (position += segment.drafts.length));
      for (const outcome of outcomes) count(outcome, 1);
      count('unreadable', segment.unreadable);
      const unsettled = await settled(parts.outbox, segment, outcomes);
      failure ??= unsettled;
      hasSettled &&= unsettled === undefined; // else the same segment comes again and again
    }
  }
  const { error, retryAfterMs, isRetired } = last;
  return {
    ...total,
    ...(failure !== undefined && { failure }),
    ...(error !== undefined && { error }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
    ...(isRetired && { isRetired }),
    ...(idSource !== undefined && { idSource }),
  };
}

/** The reports that {@link sendOutbox} would send first, from the same steps. Gives all back. */
export async function previewOutbox(parts: ClaimParts): Promise<Report[]> {
  const { segments } = await claimBatch(parts, new Set());
  for (const { name } of segments) await parts.outbox.release(name);
  return segments.flatMap(completeAll);
}

/** A disk that is full fails every time; a storage of the app's own may do so after seconds. */
const MAX_FAILURES = 3;

/**
 * Claims segments, up to one request full. What cannot be made ready is given back, for later, and
 * so is what is for another endpoint.
 */
async function claimBatch(
  parts: ClaimParts,
  foreign: Set<string>,
): Promise<{ readonly segments: readonly ClaimedSegment[]; readonly error?: string }> {
  const segments: ClaimedSegment[] = [];
  const errors: string[] = [];
  let reports = 0;
  for (const name of await parts.outbox.list()) {
    if (foreign.has(name)) continue;
    const text = await parts.outbox.claim(name);
    if (text === undefined) continue; // another sender was faster
    const content = readSegment(text);
    if (isForeign(content, parts.endpoint)) {
      foreign.add(name);
      await giveBack(parts.outbox, name);
      continue;
    }
    try {
      const segment = await identifySegment(name, content, parts);
      segments.push(segment);
      reports += segment.drafts.length;
    } catch (error) {
      errors.push(storageError(error));
      await giveBack(parts.outbox, name);
    }
    if (reports >= MAX_BATCH_REPORTS || errors.length >= MAX_FAILURES) break;
  }
  const [error] = errors;
  return { segments, ...(error !== undefined && { error }) };
}

/** What failed, where a storage failed: its own code, since messages may hold paths. */
export const storageError = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : 'the storage failed';

/**
 * What was recorded while HEADCOUNT_ENDPOINT named an address is for that one alone, and the address
 * it names now gets nothing that was recorded without it. One process has one endpoint, and so has
 * a segment.
 */
function isForeign(
  { drafts: [first] }: SegmentContent,
  { url, fromEnvironment }: ClaimParts['endpoint'],
): boolean {
  if (first === undefined) return false;
  return first.endpoint === undefined ? fromEnvironment === true : first.endpoint !== url;
}

/** Never rejects: what stays claimed is claimed again once its claimer is gone. */
async function giveBack(outbox: OutboxStorage, name: string): Promise<void> {
  try {
    await outbox.release(name);
  } catch {
    return;
  }
}

/** Fixes in the segment, when it is first claimed, whatever of its reports was still open. */
async function identifySegment(
  name: string,
  { drafts, unreadable: damaged, fixed }: SegmentContent,
  { outbox, identify }: ClaimParts,
): Promise<ClaimedSegment> {
  // A file of our name with nothing of ours in it, or too large to be read, is one loss at least.
  const unreadable = damaged || Number(drafts.length === 0);
  if (fixed) return { name, drafts, unreadable, ...fixed };
  const needsId = drafts.find((draft) => draft.given_id === undefined);
  const identity = needsId && (await identify(needsId.info.container));
  const lostTotal = await lostTotalOf(outbox);
  if (drafts.length > 0) await outbox.rewrite(name, segmentText({ identity, lostTotal }, drafts));
  return { name, drafts, unreadable, identity, lostTotal };
}

/** A total that cannot be read keeps no report from being sent; a later one says it. */
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
    if (!given) throw new Error('a draft without an ID of its own got none when it was claimed');
    return completeReport(draft, given, lostTotal);
  });
}

const givenIdentity = (anonymous_id: string): Identity => ({
  anonymous_id,
  id_source: anonymous_id.startsWith('ci-') ? 'ci' : 'given',
  id_persisted: true,
});

/** Resolves to what failed: the segment is sent again then, and counts once all the same. */
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
