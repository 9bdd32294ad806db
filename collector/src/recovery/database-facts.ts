import { MOVE, type MoveMark, parseMark } from '../store/moving/move-mark.js';
import type { Database } from '../sqlite/database.js';
import { hasTable } from './examine-database.js';

/** What `journal.db` says of itself. */
export interface JournalFacts {
  /** Which pepper its entries are hashed with; `null` if a release did not keep that. */
  readonly pepperId: string | null;
  /** The IDs of its epochs, its own among them. */
  readonly epochs: readonly string[];
  /** The position of the last entry ever written. */
  readonly last: number;
  /** The position of the last entry that was removed as counted. */
  readonly removed: number;
}

/** What `counts.db` says of itself. */
export interface CountsFacts {
  readonly pepperId: string | null;
  /** The journals and epochs of which it has counted something. */
  readonly journals: readonly string[];
  /** When a user was last deleted, in milliseconds since 1970, as far as it is kept. */
  readonly lastDeletionAt: number | null;
  /** What they say of a move to another store. */
  readonly move: MoveMark | null;
}

/** Reads the facts of a journal of any release. */
export function readJournalFacts(db: Database): JournalFacts {
  const last = db
    .prepare<{ seq: number }>(`SELECT seq FROM sqlite_sequence WHERE name = 'entries'`)
    .get()?.seq;
  const first = db.prepare<{ first: number | null }>(
    'SELECT min(position) AS "first" FROM entries',
  );
  return {
    pepperId: readPepperId(db),
    epochs: [
      ...idsOf(db, 'identity', 'id'),
      ...(hasTable(db, 'epochs') ? idsOf(db, 'epochs', 'id') : []),
    ],
    last: last ?? 0,
    removed: (first.get()?.first ?? (last ?? 0) + 1) - 1,
  };
}

/** Reads the facts of counts of any release. */
export function readCountsFacts(db: Database): CountsFacts {
  return {
    pepperId: readPepperId(db),
    journals: idsOf(db, 'positions', 'journal_id'),
    lastDeletionAt: lastDeletionOf(db),
    move: parseMark(readAbout(db, MOVE)),
  };
}

function lastDeletionOf(db: Database): number | null {
  if (!hasTable(db, 'tombstones')) return null;
  const find = db.prepare<{ at: number | null }>('SELECT max(deleted_at) AS at FROM tombstones');
  return find.get()?.at ?? null;
}

/**
 * Compares the number of users with the totals that are kept of them. They differ if pages of
 * several moments were put together, as by a copy of a file that was being written.
 */
export function findContradiction(db: Database): string | undefined {
  if (!hasTable(db, 'totals')) return undefined;
  const { users, total } = db
    .prepare<{ users: number; total: number }>(
      `SELECT (SELECT count(*) FROM users) AS users,
         (SELECT coalesce(sum(n), 0) FROM totals
          WHERE total IN ('certain', 'likely', 'ephemeral', 'ci')) AS total`,
    )
    .get() ?? { users: 0, total: 0 };
  if (users === total) return undefined;
  return `its parts are of different moments: it has ${users} users and a total of ${total}`;
}

const readPepperId = (db: Database): string | null => readAbout(db, 'pepper');

function readAbout(db: Database, name: string): string | null {
  if (!hasTable(db, 'about')) return null;
  const find = db.prepare<{ value: string }>('SELECT value FROM about WHERE name = ?');
  return find.get([name])?.value ?? null;
}

function idsOf(db: Database, table: string, column: string): string[] {
  return db
    .prepare<{ id: string }>(`SELECT ${column} AS id FROM ${table}`)
    .all()
    .map(({ id }) => id);
}
