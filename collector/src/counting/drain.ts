import { isRecord } from '../is-record.js';
import { decodeEntry, type ReportEntry } from '../journal/journal-entry.js';
import type { JournalReader, JournalRow } from '../journal/journal-reader.js';
import type { CleaningStep } from '../rules/cleaning.js';
import type { CountedReport, QualityKind } from '../rules/counted-report.js';
import { DAY_MS, dayOf, DEFAULT_ZONE } from '../rules/day.js';
import type { FoldedQuality } from '../rules/fold.js';
import { resolveInstant } from '../rules/instant.js';
import { timeOfKey } from '../rules/report-key.js';
import type { Batch, Deletion, StoreWriter } from '../store/store.js';
import type { Cursor } from './place.js';

export interface DrainParts {
  readonly journal: JournalReader;
  readonly store: StoreWriter;
  readonly cursor: Cursor;
  /** For how many days the key of a report is remembered. */
  readonly keysDays: number;
}

/**
 * Counts the next batch of the journal.
 *
 * @param limit - Entries a batch may have.
 * @returns How far the journal is counted now.
 */
export async function drainBatch(
  { journal, store, cursor, keysDays }: DrainParts,
  limit: number,
): Promise<number> {
  const { epoch, recorded, position } = await cursor.find();
  const rows = journal.read({ after: position, upTo: epoch.upTo }, limit);
  const batch = nextBatch(rows, keysDays);
  if (batch === undefined) return position;
  await store.apply({ journalId: epoch.id, after: recorded, ...batch });
  return batch.upTo;
}

/** Entries that are searched for one with a readable moment. */
const LOOKED_AT = 100;

/**
 * When the oldest readable uncounted entry was received, in milliseconds since 1970; `null` if all
 * entries are counted.
 */
export async function waitingSince({ journal, cursor }: DrainParts): Promise<number | null> {
  const { position } = await cursor.find();
  return receivedAfter(journal, position);
}

/**
 * When the oldest readable entry after a position was received, in milliseconds since 1970; `null` if
 * there are none.
 */
export function receivedAfter(
  journal: Pick<JournalReader, 'read'>,
  position: number,
): number | null {
  for (const { body } of journal.read({ after: position, upTo: Infinity }, LOOKED_AT)) {
    const receivedAt = receivedAtOf(body);
    if (receivedAt !== null) return receivedAt;
  }
  return null;
}

/**
 * Skips the next entry, which cannot be counted, and counts it as `uncountable`.
 *
 * @param at - The moment whose day the skipped entry counts for, in milliseconds since 1970.
 * @returns How far the journal is counted now.
 */
export async function skipEntry(
  { journal, store, cursor }: DrainParts,
  at: number,
): Promise<number> {
  const { epoch, recorded, position } = await cursor.find();
  const [first] = journal.read({ after: position, upTo: epoch.upTo }, 1);
  if (first === undefined) return position;
  const day = dayOf(at, DEFAULT_ZONE);
  const quality = [{ project: null, day, kind: 'uncountable' as const, count: 1 }];
  const upTo = first.position;
  await store.apply({
    journalId: epoch.id,
    after: recorded,
    upTo,
    reports: [],
    deletions: [],
    quality,
    appliedAt: null,
  });
  return upTo;
}

function receivedAtOf(body: string): number | null {
  let entry: unknown;
  try {
    entry = JSON.parse(body);
  } catch {
    // It will be skipped as uncountable.
    return null;
  }
  const receivedAt = isRecord(entry) ? entry['receivedAt'] : undefined;
  return typeof receivedAt === 'number' ? receivedAt : null;
}

/**
 * Makes a batch of the next rows: reports, then deletions, then a step of cleaning. It ends before a
 * report that follows a deletion, and after a step, so that a store need not know their order.
 *
 * @returns `undefined` if there are no rows.
 */
function nextBatch(
  rows: readonly JournalRow[],
  keysDays: number,
): Omit<Required<Batch>, 'journalId' | 'after'> | undefined {
  const reports: CountedReport[] = [];
  const deletions: Deletion[] = [];
  const cleanings: CleaningStep[] = [];
  const quality: FoldedQuality[] = [];
  let upTo: number | undefined;
  let appliedAt: number | null = null;
  for (const { position, body } of rows) {
    const entry = decodeEntry(body);
    if (entry.kind === 'refusals') {
      for (const { code, n, ...rest } of entry.counts) {
        quality.push({ ...rest, kind: `rejected:${code}`, count: n });
      }
    } else if (entry.kind === 'report' && isTooOld(entry, keysDays)) {
      const day = dayOf(entry.receivedAt, DEFAULT_ZONE);
      quality.push({ project: entry.project, day, kind: 'too_old', count: 1 });
    } else if (entry.kind === 'report') {
      if (deletions.length > 0) break;
      reports.push(countReport(entry));
    } else if (entry.kind === 'cleaning') {
      cleanings.push(entry.step);
      upTo = position;
      break;
    } else {
      const { project, uid, ownerHash, receivedAt } = entry;
      deletions.push({ project, uid, ownerHash, deletedAt: receivedAt });
    }
    upTo = position;
    if (entry.kind !== 'refusals') appliedAt = entry.receivedAt;
  }
  return upTo === undefined
    ? undefined
    : { upTo, reports, deletions, cleanings, quality, appliedAt };
}

/** Resolves the moment and the day of a journal entry. */
function countReport(entry: ReportEntry): CountedReport {
  const { at, madeAt, clamped, cause, otherwise } = resolveInstant(entry);
  const day = dayOf(at, entry.zone);
  const marks: QualityKind[] = [...entry.marks];
  if (clamped) marks.push('timestamps_clamped');
  if (cause === 'clock') marks.push('clock_corrected');
  if (cause === 'delivery') marks.push('delayed');
  if (otherwise !== at && dayOf(otherwise, entry.zone) !== day) marks.push('day_uncertain');
  if (day < dayOf(entry.receivedAt, entry.zone)) marks.push('late');
  return {
    project: entry.project,
    uid: entry.uid,
    ownerHash: entry.ownerHash,
    reportKey: entry.reportKey,
    at,
    madeAt,
    day,
    receivedAt: entry.receivedAt,
    receivedDay: dayOf(entry.receivedAt, DEFAULT_ZONE),
    os: entry.os,
    version: entry.version,
    facts: entry.facts,
    event: entry.event,
    fields: entry.fields,
    lostTotal: entry.lostTotal,
    ci: entry.ci,
    idSource: entry.idSource,
    idPersisted: entry.idPersisted,
    marks,
  };
}

/** The greatest plausible age of a report, in days. An older one has a wrong clock. */
const OLDEST_DAYS = 400;

/**
 * Whether a report is older than the time for which keys are remembered, so that it may have been
 * counted already. This is assumed only if its clock was right when it sent, and if the key and the
 * timestamp agree. Otherwise the clock is wrong, and the report counts for the moment of receipt.
 */
function isTooOld(
  {
    reportKey,
    receivedAt,
    at,
    sentAt,
  }: Pick<ReportEntry, 'reportKey' | 'receivedAt' | 'at' | 'sentAt'>,
  keysDays: number,
): boolean {
  const madeAt = reportKey === null ? undefined : timeOfKey(reportKey);
  if (madeAt === undefined || at === null || sentAt === null) return false;
  const age = receivedAt - madeAt;
  return (
    age > keysDays * DAY_MS &&
    age <= OLDEST_DAYS * DAY_MS &&
    Math.abs(at - madeAt) <= DAY_MS &&
    Math.abs(receivedAt - sentAt) < DAY_MS
  );
}
