import type { Epoch } from '../journal/epochs.js';
import type { Database } from '../sqlite/database.js';

/** The epochs of the journal that a backup has entries of, in order. */
export function readBackupEpochs(db: Database): Epoch[] {
  const rows = db
    .prepare<Omit<Epoch, 'upTo'>>('SELECT id, "after" FROM backup_epochs ORDER BY number')
    .all();
  return rows.map((row, at) => ({ ...row, upTo: rows[at + 1]?.after ?? Infinity }));
}

/** How far each journal is counted in a backup. */
export function positionsIn(db: Database): (journalId: string) => number {
  const find = db.prepare<{ position: number }>(
    'SELECT position FROM positions WHERE journal_id = ?',
  );
  return (journalId) => find.get([journalId])?.position ?? 0;
}
