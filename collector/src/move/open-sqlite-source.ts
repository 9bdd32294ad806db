import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { type Database, openUnused, openWriter } from '../sqlite/database.js';
import { closeWriter } from '../sqlite/log-mark.js';
import { pendingMigrations } from '../sqlite/migrate.js';
import { NO_VALUE } from '../store/codec/said-column.js';
import { createCountsReader } from '../store/sqlite/counts-reader.js';
import { COUNTS_SCHEMA } from '../store/sqlite/migrations/counts-schema.js';
import { MoveError, type MoveSource } from '../store/moving/move-side.js';
import { readAbout, readSqliteMark, WRITER, writeSqliteMark } from './sqlite-marks.js';
import { createSqliteRows } from './sqlite-rows.js';

/** Opens a file that counts come from. No collector may use it. @throws {@link MoveError} */
export function openSqliteSource(path: string): MoveSource {
  if (!existsSync(path)) {
    throw new MoveError(`There is no ${path}, so nothing can move. Choose its folder with --data.`);
  }
  const db = openUnused(path);
  const pending = pendingMigrations(db, COUNTS_SCHEMA);
  if (pending.length > 0) {
    db.close();
    throw new MoveError(
      `${path} has the schema of an older release. Nothing was changed. Bring it up to date first: ` +
        `headcount-collector migrate --data ${dirname(path)}`,
    );
  }
  return {
    ...{ name: path, numbersWithinProjects: false },
    ...createSqliteRows(db),
    reader: createCountsReader(db),
    pepperId: () => readAbout(db, 'pepper'),
    mark: () => readSqliteMark(db),
    fingerprint: () => fingerprintOf(db),
    dropped: () =>
      new Set(
        db
          .prepare<{ id: number }>('SELECT value_id AS id FROM given_up WHERE other_id = ?')
          .all([NO_VALUE])
          .map(({ id }) => id),
      ),
    setMark: (mark) => {
      const writer = openWriter(path, WRITER);
      try {
        writeSqliteMark(writer, mark);
      } finally {
        closeWriter(writer);
      }
    },
    close: () => db.close(),
  };
}

function fingerprintOf(db: Database): string {
  const rows = [
    'SELECT journal_id, position FROM positions ORDER BY journal_id',
    'SELECT n, state, done, hex(cursor) AS cursor FROM cleanings ORDER BY n',
    'SELECT * FROM kept_days ORDER BY what, first_run',
  ].map((sql) => db.prepare(sql).all());
  return createHash('sha256').update(JSON.stringify(rows)).digest('hex');
}
