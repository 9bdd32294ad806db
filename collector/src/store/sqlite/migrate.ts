import type { Database } from '../../sqlite/database.js';
import { type Migration, MIGRATIONS } from './migrations/migrations.js';

/**
 * Brings the schema up to date, in one transaction.
 *
 * @param appliedAt - Written beside each migration, in milliseconds since 1970.
 * @throws If a newer release has changed the schema: this one must not touch it.
 */
export function migrate(
  db: Database,
  appliedAt: number,
  migrations: readonly Migration[] = MIGRATIONS,
): void {
  db.transaction(() => {
    db.exec(`CREATE TABLE IF NOT EXISTS schema_migrations(
      version INTEGER PRIMARY KEY,
      applied_at INTEGER NOT NULL
    )`);
    const current =
      db
        .prepare<{ version: number }>(
          'SELECT coalesce(max(version), 0) AS version FROM schema_migrations',
        )
        .get()?.version ?? 0;
    if (current > migrations.length) {
      throw new Error(
        `counts.db has schema ${current}, made by a newer release; this one knows ${migrations.length}.`,
      );
    }
    const record = db.prepare('INSERT INTO schema_migrations(version, applied_at) VALUES (?, ?)');
    const missing = migrations.slice(current);
    for (const [index, { sql }] of missing.entries()) {
      db.exec(sql);
      record.run([current + index + 1, appliedAt]);
    }
    // The code that moves rows knows the newest schema only.
    for (const { move } of missing) move?.(db);
  });
}
