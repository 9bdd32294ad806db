import { randomBytes } from 'node:crypto';
import type { Database } from '../sqlite/database.js';

/**
 * The entries that were written between two openings of a journal. Every opening begins an epoch
 * with a name of its own. So when a copy of the journal is put back and grows again, its new entries
 * are told from those that other processes wrote at the same positions.
 */
export interface Epoch {
  readonly id: string;
  /** The position of the last entry before it. */
  readonly after: number;
  /** The position of its last entry; `Infinity` for the present epoch. */
  readonly upTo: number;
}

/** Epochs that are kept although all of their entries are counted and removed. */
const KEPT_EPOCHS = 1000;

/** Epochs without an entry that are kept: the counts know a journal by one that they have seen. */
const KEPT_EMPTY_EPOCHS = 10;

const ID_BYTES = 8;

/** The epochs of a journal, in order; the first has the journal's own ID. */
export function readEpochs(db: Database): Epoch[] {
  const rows = db
    .prepare<Omit<Epoch, 'upTo'>>('SELECT id, "after" FROM epochs ORDER BY number')
    .all();
  return rows.map((row, at) => ({ ...row, upTo: rows[at + 1]?.after ?? Infinity }));
}

/**
 * Begins an epoch. Old ones without an entry are removed, so that restarts leave little behind.
 *
 * @param last - The position of the last entry that was ever written.
 * @returns The epoch's ID.
 */
export function beginEpoch(db: Database, journalId: string, last: number): string {
  const id = randomBytes(ID_BYTES).toString('hex');
  const count = db.prepare<{ n: number }>('SELECT count(*) AS n FROM epochs');
  const insert = db.prepare('INSERT INTO epochs(id, "after") VALUES (?, ?)');
  const removeEmpty = db.prepare(
    `DELETE FROM epochs WHERE "after" = ? AND id <> ?
       AND number <= (SELECT max(number) FROM epochs) - ${KEPT_EMPTY_EPOCHS}`,
  );
  // An epoch may go if the next one, too, begins among the entries that are removed.
  const removeOldest = db.prepare(
    `DELETE FROM epochs WHERE number <
       (SELECT number FROM epochs WHERE "after" < (SELECT coalesce(min(position), ?) FROM entries)
        ORDER BY number DESC LIMIT 1 OFFSET ${KEPT_EPOCHS})`,
  );
  db.transaction(() => {
    if (count.get()?.n === 0) insert.run([journalId, 0]);
    removeEmpty.run([last, journalId]);
    removeOldest.run([last]);
    insert.run([id, last]);
  });
  return id;
}
