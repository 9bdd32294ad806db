import type { DropReason } from '../drop-reasons.js';
import { claimedText, draftLine, readSegment } from '../outbox/outbox-lines.js';
import { completeReport, type Draft, type Identity } from '../report/draft.js';
import type { OutboxStorage } from '../storage/storage.js';
import { type IdSource, MAX_BATCH_REPORTS, type Report } from '../wire/report.js';
import type { SendResult } from './job.js';

/** What became of one report: acknowledged, to be tried again, or dropped for a reason. */
export type Outcome = 'sent' | 'kept' | DropReason;

/** What sending an outbox takes. */
export interface SendOutboxParts {
  readonly outbox: OutboxStorage;
  readonly identify: (container: boolean) => Promise<Identity>;
  /** Sends reports and tells the outcome of each, in their order. Never rejects. */
  readonly deliver: (
    reports: readonly Report[],
  ) => Promise<{ outcomes: readonly Outcome[]; problem?: string }>;
}

interface ClaimedSegment {
  readonly name: string;
  readonly drafts: readonly Draft[];
  readonly identity: Identity | undefined;
  readonly unreadable: number;
}

/**
 * Sends everything that waits: claims segments, completes their reports, delivers them, and
 * acknowledges each segment once all of its reports have an outcome. Stops at the first failure:
 * what is left stays for later.
 */
export async function sendOutbox(parts: SendOutboxParts): Promise<SendResult> {
  const total = { sent: 0, kept: 0, dropped: {} as Partial<Record<DropReason, number>> };
  const count = (outcome: Outcome, by: number): void => {
    if (by === 0) return;
    if (outcome === 'sent' || outcome === 'kept') total[outcome] += by;
    else total.dropped[outcome] = (total.dropped[outcome] ?? 0) + by;
  };
  let idSource: IdSource | undefined;
  let problem: string | undefined;
  while (problem === undefined) {
    const segments = await claimBatch(parts);
    if (segments.length === 0) break;
    const pairs = segments.flatMap(({ drafts, identity }) =>
      drafts.map((draft) => complete(draft, identity)),
    );
    idSource = pairs[0]?.info.id_source ?? idSource;
    const delivered = await parts.deliver(pairs);
    problem = delivered.problem;
    let position = 0;
    for (const segment of segments) {
      const outcomes = segment.drafts.map((_, index) => delivered.outcomes[position + index]);
      position += segment.drafts.length;
      for (const outcome of outcomes) count(outcome ?? 'kept', 1);
      count('unreadable', segment.unreadable);
      await settle(parts.outbox, segment, outcomes);
    }
  }
  return {
    ...total,
    ...(problem !== undefined && { problem }),
    ...(idSource !== undefined && { idSource }),
  };
}

/** Claims segments, up to one request full. */
async function claimBatch({ outbox, identify }: SendOutboxParts): Promise<ClaimedSegment[]> {
  const claimed: ClaimedSegment[] = [];
  let reports = 0;
  for (const name of await outbox.list()) {
    const text = await outbox.claim(name);
    if (text === undefined) continue; // another sender was faster
    const { drafts, identity: fixed, unreadable } = readSegment(text);
    const needsId = drafts.find((draft) => draft.given_id === undefined);
    let identity = fixed;
    if (needsId && !identity) {
      identity = await identify(needsId.info.container);
      await outbox.rewrite(name, claimedText(identity, drafts));
    }
    claimed.push({ name, drafts, identity, unreadable });
    reports += drafts.length;
    if (reports >= MAX_BATCH_REPORTS) break;
  }
  return claimed;
}

function complete(draft: Draft, identity: Identity | undefined): Report {
  const given: Identity | undefined =
    draft.given_id === undefined
      ? identity
      : {
          anonymous_id: draft.given_id,
          id_source: draft.given_id.startsWith('ci-') ? 'ci' : 'given',
          id_persisted: true,
        };
  if (!given) throw new Error('a draft without an ID of its own got none when it was claimed');
  return completeReport(draft, given, 0);
}

async function settle(
  outbox: OutboxStorage,
  { name, drafts, identity }: ClaimedSegment,
  outcomes: readonly (Outcome | undefined)[],
): Promise<void> {
  const left = drafts.filter((_, index) => (outcomes[index] ?? 'kept') === 'kept');
  if (left.length === 0) {
    await outbox.remove(name);
    return;
  }
  if (left.length < drafts.length) await outbox.rewrite(name, segmentText(identity, left));
  await outbox.release(name);
}

const segmentText = (identity: Identity | undefined, drafts: readonly Draft[]): string =>
  identity ? claimedText(identity, drafts) : drafts.map(draftLine).join('');
