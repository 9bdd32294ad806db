import { join } from 'node:path';
import { findPlace } from '../counting/place.js';
import { noteEpoch } from '../counting/reconcile.js';
import type { KeptErasure } from '../erasures/kept-erasure.js';
import { encodeEntry } from '../journal/journal-entry.js';
import { type JournalWriter, openJournalWriter } from '../journal/journal-writer.js';
import type { Epoch } from '../journal/epochs.js';
import { dayOf, DEFAULT_ZONE } from '../rules/day.js';
import { copyDatabase, openBystander, openDraft } from '../sqlite/database.js';
import { openCountsWriter } from '../store/sqlite/counts-writer.js';
import type { StoreWriter } from '../store/store.js';
import { readBackupEpochs } from './backup-epochs.js';
import { BACKUP_TABLE_NAMES } from './backup-file.js';
import { openRestingJournal, type RestingJournal } from './survivors.js';

export interface BuildFolderOptions {
  /** An empty folder. */
  readonly target: string;
  /** The backup; `undefined` begins with empty counts. */
  readonly file: string | undefined;
  /** The journal that survived; `undefined` if none did. */
  readonly journal: string | undefined;
  /** The position up to which that journal has removed its entries. */
  readonly removed: number;
  /** Whether that journal lacks the end that was in its log. */
  readonly isCut: boolean;
  readonly erasures: readonly KeptErasure[];
  readonly pepperId: string;
  /** In milliseconds since 1970. */
  readonly at: number;
}

export interface BuiltFolder {
  /** Entries of the backup's journal that are still to be counted. */
  readonly fromBackup: number;
  /** The same of the journal that survived. */
  readonly fromJournal: number;
  /** Users who are deleted again. */
  readonly erased: number;
  /** Acknowledged entries that are lost; `null` if it cannot be known how many. */
  readonly lost: number | null;
}

/** Entries of one commit. */
const CHUNK = 1000;

const MAX_JOURNAL_BYTES = 2 ** 40;

/**
 * Puts databases together in an empty folder: the counts of a backup, and a new journal of all that
 * they lack. In the order of acknowledgement: what the backup had not counted, deletions since, and
 * what survived.
 *
 * It must run in a thread that ends: only then the binding has closed the databases.
 */
export async function buildFolder(options: BuildFolderOptions): Promise<BuiltFolder> {
  const { target, file, journal, pepperId, at } = options;
  const countsPath = join(target, 'counts.db');
  const journalPath = join(target, 'journal.db');
  if (file !== undefined) {
    copyDatabase(file, countsPath);
    removeBackupTables(countsPath);
  }
  const store = openCountsWriter(countsPath, at, undefined, pepperId);
  // The backup is whole, although its counts were open when it was made.
  store.forgetLostLog();
  const writer = openJournalWriter({
    ...{ path: journalPath, maxBytes: MAX_JOURNAL_BYTES, openedAt: at, pepperId },
  });
  const survivor = journal === undefined ? undefined : openRestingJournal(journal);
  try {
    return await fill({ ...options, store, writer, survivor });
  } finally {
    survivor?.close();
    writer.close();
    await store.close();
  }
}

function removeBackupTables(path: string): void {
  const db = openDraft(path);
  try {
    // The pepper is among them.
    db.exec('PRAGMA secure_delete = ON');
    for (const table of BACKUP_TABLE_NAMES) db.exec(`DROP TABLE ${table}`);
  } finally {
    db.close();
  }
}

interface Parts extends BuildFolderOptions {
  readonly store: StoreWriter;
  readonly writer: JournalWriter;
  readonly survivor: RestingJournal | undefined;
}

async function fill(parts: Parts): Promise<BuiltFolder> {
  const { file, survivor, removed, erasures, store, writer, at } = parts;
  const inBackup = file === undefined ? [] : copyFromBackup(file, writer);
  const holds = (epoch: string, position: number): boolean =>
    inBackup.some(({ id, after, upTo }) => id === epoch && position > after && position <= upTo);
  const place = survivor && (await findPlace(survivor.epochs, store));
  const isWaiting = ({ epoch, position }: KeptErasure): boolean => {
    const range = survivor?.epochs.find(({ id }) => id === epoch);
    if (range === undefined || place === undefined) return false;
    return position > Math.max(place.position, removed) && position <= range.upTo;
  };

  const again = new Map<string, number>();
  const deletions: KeptErasure[] = [];
  for (const erasure of erasures) {
    const { epoch, position } = erasure;
    const name = `erased:${epoch}`;
    const done = Math.max(await store.position(epoch), await store.position(name));
    if (position <= done) continue;
    again.set(name, Math.max(position, again.get(name) ?? 0));
    if (!holds(epoch, position) && !isWaiting(erasure)) deletions.push(erasure);
  }
  append(writer, deletions.map(toBody));
  for (const [journalId, upTo] of again) {
    const after = await store.position(journalId);
    await store.apply({ journalId, after, upTo, reports: [], deletions: [], appliedAt: null });
  }

  const fromJournal =
    survivor === undefined || place === undefined
      ? 0
      : copyFromSurvivor(survivor, writer, place.position, holds);
  const lost =
    survivor === undefined || place === undefined || parts.isCut
      ? null
      : countLost(survivor.epochs, { from: place.position, to: removed }, inBackup, deletions);
  const day = dayOf(at, DEFAULT_ZONE);
  const kind = lost === null ? 'unknown_losses' : 'lost_in_restore';
  await store.apply({
    // The counts know the new journal from now on.
    ...{ journalId: writer.id, after: 0, upTo: 0, reports: [], deletions: [], appliedAt: null },
    quality: lost === 0 ? [] : [{ project: null, day, kind, count: lost ?? 1 }],
  });
  await noteEpoch(store, writer.epoch);
  const fromBackup = inBackup.reduce((sum, { after, upTo }) => sum + upTo - after, 0);
  return { fromBackup, fromJournal, erased: again.size === 0 ? 0 : deletions.length, lost };
}

const toBody = ({ project, uid, ownerHash, deletedAt }: KeptErasure): string =>
  encodeEntry({
    ...{ kind: 'deletion', receivedAt: deletedAt, project },
    uid: Buffer.from(uid),
    ownerHash: ownerHash === null ? null : Buffer.from(ownerHash),
  });

function append(writer: JournalWriter, bodies: readonly string[]): void {
  for (let at = 0; at < bodies.length; at += CHUNK) {
    writer.commit({ bodies: bodies.slice(at, at + CHUNK), forgetUpTo: 0 });
  }
}

/** Copies the entries of a backup. Returns where in which epochs they were. */
function copyFromBackup(file: string, writer: JournalWriter): Epoch[] {
  const db = openBystander(file);
  try {
    const rows = db.prepare<{ position: number; body: string }>(
      'SELECT position, body FROM backup_entries WHERE position > ? ORDER BY position LIMIT ?',
    );
    const ends = db
      .prepare<{ first: number | null; last: number | null }>(
        'SELECT min(position) AS "first", max(position) AS last FROM backup_entries',
      )
      .get();
    for (let after = 0; ;) {
      const chunk = rows.all([after, CHUNK]);
      append(
        writer,
        chunk.map(({ body }) => body),
      );
      const last = chunk.at(-1);
      if (last === undefined) break;
      after = last.position;
    }
    const from = (ends?.first ?? 1) - 1;
    const to = ends?.last ?? 0;
    return readBackupEpochs(db)
      .map(({ id, after, upTo }) => ({
        ...{ id, after: Math.max(after, from), upTo: Math.min(upTo, to) },
      }))
      .filter(({ after, upTo }) => upTo > after);
  } finally {
    db.close();
  }
}

function copyFromSurvivor(
  { epochs, read }: Pick<RestingJournal, 'epochs' | 'read'>,
  writer: JournalWriter,
  from: number,
  isKnown: (epoch: string, position: number) => boolean,
): number {
  let copied = 0;
  for (let after = from; ;) {
    const chunk = read(after, CHUNK);
    const last = chunk.at(-1);
    if (last === undefined) return copied;
    after = last.position;
    const bodies = chunk
      .filter(({ position }) => !isKnown(epochAt(epochs, position), position))
      .map(({ body }) => body);
    append(writer, bodies);
    copied += bodies.length;
  }
}

/** The ID of the epoch that a position is in. */
function epochAt(epochs: readonly Epoch[], position: number): string {
  return epochs.find(({ after, upTo }) => position > after && position <= upTo)?.id ?? '';
}

/** The entries that the journal has removed and neither the counts nor anything else has. */
function countLost(
  epochs: readonly Epoch[],
  { from, to }: { readonly from: number; readonly to: number },
  inBackup: readonly Epoch[],
  deletions: readonly KeptErasure[],
): number {
  let lost = 0;
  for (const { id, after, upTo } of epochs) {
    const [start, end] = [Math.max(after, from), Math.min(upTo, to)];
    if (end <= start) continue;
    const held = inBackup
      .filter((epoch) => epoch.id === id)
      .reduce((sum, epoch) => sum + overlap(epoch, { after: start, upTo: end }), 0);
    const replayed = deletions.filter(
      ({ epoch, position }) => epoch === id && position > start && position <= end,
    );
    lost += Math.max(0, end - start - held - replayed.length);
  }
  return lost;
}

function overlap(a: Omit<Epoch, 'id'>, b: Omit<Epoch, 'id'>): number {
  return Math.max(0, Math.min(a.upTo, b.upTo) - Math.max(a.after, b.after));
}
