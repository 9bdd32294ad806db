import type { Draft } from '../report/draft.js';
import { readSegment } from '../storage/outbox-lines.js';
import type { OutboxStorage } from '../storage/storage.js';
import { MAX_BATCH_REPORTS } from '../wire/report.js';
import { type ClaimedSegment, type FixParts, fixSegment, isFor } from './claimed-segment.js';

/** A full disk fails every time, and an app's own storage may take seconds to fail. */
const MAX_FAILURES = 3;

/** Segments that are not claimed now. */
export interface Seen {
  /** Their names. */
  readonly left: Set<string>;
  /** The reports for other endpoints, of each segment that has some. */
  readonly foreign: Map<string, readonly Draft[]>;
}

/**
 * Claims segments with reports for the endpoint of the job, up to one full request. Gives back
 * those that cannot be prepared and those without such a report, and adds the latter to `seen`.
 */
export async function claimBatch(
  parts: FixParts,
  { left, foreign }: Seen,
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
    const others = content.drafts.filter((draft) => !isFor(draft, job.endpoint));
    if (others.length > 0) foreign.set(name, others);
    const own = content.drafts.length - others.length;
    if (others.length > 0 && own === 0) {
      left.add(name);
      await giveBack(outbox, name);
      continue;
    }
    try {
      segments.push(await fixSegment(name, content, parts));
      reports += own;
    } catch (error) {
      errors.push(storageError(error));
      await giveBack(outbox, name);
    }
    if (reports >= MAX_BATCH_REPORTS || errors.length >= MAX_FAILURES) break;
  }
  const [error] = errors;
  return { segments, ...(error !== undefined && { error }) };
}

/** The first readable report of an outbox. Keeps no claim. */
export async function peek(outbox: OutboxStorage): Promise<Draft | undefined> {
  for (const name of await outbox.list()) {
    const text = await outbox.claim(name);
    if (text === undefined) continue;
    await giveBack(outbox, name);
    const [draft] = readSegment(text).drafts;
    if (draft) return draft;
  }
  return undefined;
}

/** Never rejects: a segment that stays claimed is claimed again once its claimer is gone. */
export async function giveBack(outbox: OutboxStorage, name: string): Promise<void> {
  try {
    await outbox.release(name);
  } catch {
    return;
  }
}

/** The code of a storage's error: its message may contain paths. */
export const storageError = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string'
    ? error.code
    : 'the storage failed';
