import type { Database } from '../../sqlite/database.js';

/** Positions that are kept. Each start of a collector adds one; the oldest no longer matter. */
const KEPT_POSITIONS = 2000;

/**
 * Keeps which pepper users are hashed with, if none is known yet, and removes positions in journals
 * that have long been counted.
 */
export function prepareAbout(db: Database, pepperId: string | undefined): void {
  db.transaction(() => {
    if (pepperId !== undefined) {
      db.prepare(`INSERT OR IGNORE INTO about(name, value) VALUES ('pepper', ?)`).run([pepperId]);
    }
    db.exec(`DELETE FROM positions WHERE journal_id NOT IN (
      SELECT journal_id FROM positions ORDER BY applied_at DESC LIMIT ${KEPT_POSITIONS})`);
  });
}
