import type { KeptErasure } from '../erasures/kept-erasure.js';
import type { Epoch } from '../journal/epochs.js';
import type { JournalExtent, JournalReader } from '../journal/journal-reader.js';
import { dayOf, DEFAULT_ZONE } from '../rules/day.js';
import type { FoldedQuality } from '../rules/fold.js';
import type { Deletion, StoreWriter } from '../store/store.js';
import { findPlace } from './place.js';

/** What was known of a journal and of counts before both were opened. */
export interface KnownBefore {
  /**
   * Whether the counts had the journal: `first` if both are new, `unknown` if there was another
   * one.
   */
  readonly journal: 'first' | 'known' | 'unknown';
  readonly erasures: readonly KeptErasure[];
}

/** Something that did not fit, and was put right or counted as lost. */
export interface Repair {
  readonly kind: 'journal-new' | 'journal-cut' | 'journal-older' | 'counts-older' | 'erasures';
  /** Acknowledged entries that are lost; `null` if it cannot be known how many. */
  readonly lost: number | null;
  /** For people. */
  readonly message: string;
}

export interface ReconcileParts {
  readonly journal: Pick<JournalReader, 'extent'>;
  readonly store: Pick<StoreWriter, 'position' | 'apply'>;
  /** Whether the store counts the journals of other nodes too. */
  readonly isShared?: boolean;
}

/**
 * Makes a journal and counts fit that were not closed together, such as copies of two moments.
 * What was lost is counted, each once. After a crash it goes on where it was.
 *
 * @param at - The moment whose day losses count for, in milliseconds since 1970.
 */
export async function reconcile(
  { journal, store, isShared = false }: ReconcileParts,
  known: KnownBefore,
  at: number,
): Promise<Repair[]> {
  const extent = journal.extent();
  const day = dayOf(at, DEFAULT_ZONE);
  const quality = (kind: 'lost_in_restore' | 'unknown_losses', count: number): FoldedQuality[] =>
    count > 0 ? [{ project: null, day, kind, count }] : [];
  const record = async (
    journalId: string,
    [after, upTo]: readonly [number, number],
    what: { deletions?: readonly Deletion[]; quality?: readonly FoldedQuality[] },
  ): Promise<void> =>
    store.apply({
      ...{ journalId, after, upTo, reports: [], appliedAt: null },
      deletions: what.deletions ?? [],
      quality: what.quality ?? [],
    });
  const repairs: Repair[] = [];

  const [first] = extent.epochs;
  if (first !== undefined && known.journal !== 'known') {
    const isLost = known.journal === 'unknown';
    const recorded = await store.position(first.id);
    await record(first.id, [recorded, recorded], {
      quality: quality('unknown_losses', isLost ? 1 : 0),
    });
    if (isLost) repairs.push(JOURNAL_NEW);
  }

  const { log } = extent;
  if (log.kind === 'lost' && (await store.position(`log:${log.id}`)) === 0) {
    await record(`log:${log.id}`, [0, 1], { quality: quality('unknown_losses', 1) });
    repairs.push(JOURNAL_CUT);
  }
  // What is lost with a journal or its log is told once, whatever else shows it.
  const isTold = (): boolean => known.journal === 'unknown' || log.kind === 'lost';
  const recordOlder = async (note: string, place: readonly [number, number]): Promise<void> => {
    const isNew = !isTold() && !repairs.includes(JOURNAL_OLDER);
    await record(note, place, { quality: quality('unknown_losses', isNew ? 1 : 0) });
    if (isNew) repairs.push(JOURNAL_OLDER);
  };
  for (const { id, upTo } of extent.epochs.slice(0, -1)) {
    const note = `older:${id}:${upTo}`;
    if ((await store.position(id)) <= upTo || (await store.position(note)) > 0) continue;
    await recordOlder(note, [0, 1]);
  }
  const seenName = isShared ? `${SEEN_EPOCH}:${first?.id}` : SEEN_EPOCH;
  const seen = await store.position(seenName);
  const present = extent.epochs.map(({ id }) => seenEpoch(id));
  if (seen !== 0 && !present.includes(seen)) {
    await recordOlder(seenName, [seen, present.at(-1) ?? 0]);
  } else await record(seenName, [seen, present.at(-1) ?? 0], {});

  let lost = 0;
  for (const { epoch, recorded, from, to } of await missingParts(extent, store)) {
    const deletions = known.erasures.filter(
      (erasure) => erasure.epoch === epoch.id && erasure.position > from && erasure.position <= to,
    );
    const missing = Math.max(0, to - from - deletions.length);
    await record(epoch.id, [recorded, to], {
      deletions,
      quality: quality('lost_in_restore', missing),
    });
    lost += missing;
  }
  if (lost > 0) repairs.push(countsOlder(lost));

  let replayed = 0;
  for (const [epoch, erasures] of groupByEpoch(unwritten(known.erasures, extent))) {
    const name = `erased:${epoch}`;
    const done = await store.position(name);
    const counted = Math.max(done, await store.position(epoch));
    const deletions = erasures.filter(({ position }) => position > counted);
    const last = deletions.at(-1);
    if (last === undefined) continue;
    await record(name, [done, last.position], { deletions });
    replayed += deletions.length;
  }
  if (replayed > 0) repairs.push(erasuresReplayed(replayed));
  return repairs;
}

/** Under this name, the store keeps by which epoch it knows the journal. */
const SEEN_EPOCH = 'seen-epoch';

/** Remembers in a store the epoch of a journal that belongs to it from now on. */
export async function noteEpoch(
  store: Pick<StoreWriter, 'position' | 'apply'>,
  epoch: string,
): Promise<void> {
  await store.apply({
    ...{ journalId: SEEN_EPOCH, after: await store.position(SEEN_EPOCH), upTo: seenEpoch(epoch) },
    ...{ reports: [], deletions: [], appliedAt: null },
  });
}

/** An epoch's ID as a number that can be kept in the place of a position. */
const seenEpoch = (id: string): number => parseInt(id.slice(0, 12), 16);

interface MissingPart {
  readonly epoch: Epoch;
  readonly recorded: number;
  readonly from: number;
  readonly to: number;
}

/** The entries that the journal removed as counted, and that these counts do not have. */
async function missingParts(
  { epochs, removed }: JournalExtent,
  store: Pick<StoreWriter, 'position'>,
): Promise<MissingPart[]> {
  const place = await findPlace(epochs, store);
  const parts: MissingPart[] = [];
  for (const epoch of epochs.slice(epochs.indexOf(place.epoch))) {
    const recorded = await store.position(epoch.id);
    const from = Math.max(recorded, epoch.after);
    const to = Math.min(removed, epoch.upTo);
    if (to > from) parts.push({ epoch, recorded, from, to });
  }
  return parts;
}

/** The erasures whose entries are not in this journal's history. */
function unwritten(
  erasures: readonly KeptErasure[],
  { epochs, last }: JournalExtent,
): KeptErasure[] {
  const ends = new Map(epochs.map(({ id, upTo }) => [id, Math.min(upTo, last)]));
  return erasures.filter(({ epoch, position }) => position > (ends.get(epoch) ?? 0));
}

function groupByEpoch(erasures: readonly KeptErasure[]): Map<string, KeptErasure[]> {
  const groups = new Map<string, KeptErasure[]>();
  for (const erasure of erasures.toSorted((a, b) => a.position - b.position)) {
    groups.set(erasure.epoch, [...(groups.get(erasure.epoch) ?? []), erasure]);
  }
  return groups;
}

const JOURNAL_NEW: Repair = {
  kind: 'journal-new',
  lost: null,
  message:
    'There was another journal, which is gone. Reports that were acknowledged and not counted yet ' +
    'are lost unless that journal is put back; how many is not known.',
};

const JOURNAL_CUT: Repair = {
  kind: 'journal-cut',
  lost: null,
  message:
    'The journal was copied without its file journal.db-wal. All that it holds is counted; reports ' +
    'that only that file held and that were not counted are lost; how many is not known.',
};

const JOURNAL_OLDER: Repair = {
  kind: 'journal-older',
  lost: null,
  message:
    'The journal is a copy that is older than the counts. All that it holds is counted; reports ' +
    'that were acknowledged since and not counted are lost; how many is not known.',
};

const countsOlder = (lost: number): Repair => ({
  kind: 'counts-older',
  lost,
  message:
    `The counts are a copy that is older than the journal. ${lost} acknowledged entries were ` +
    'counted in newer counts only, and are lost.',
});

const erasuresReplayed = (count: number): Repair => ({
  kind: 'erasures',
  lost: 0,
  message: `${count} users who were deleted after these copies were made are deleted again.`,
});
