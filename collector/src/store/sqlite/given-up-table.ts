import type { Database } from '../../sqlite/database.js';
import type { Resolve } from './users-table.js';

/**
 * The values that gave their places up. Users' rows keep their IDs, since rewriting a million of
 * rows would stop the counting for minutes. Use it inside a transaction.
 */
export interface GivenUpTable {
  readonly resolve: Resolve;
  add(valueId: number, otherId: number): void;
  /** Reads the table again after a rollback. */
  forget(): void;
}

/** Creates the access to the table on the writing connection. */
export function createGivenUpTable(db: Database): GivenUpTable {
  const all = db.prepare<{ id: number; other: number }>(
    'SELECT value_id AS id, other_id AS other FROM given_up',
  );
  const insert = db.prepare('INSERT INTO given_up(value_id, other_id) VALUES (?, ?)');
  const read = (): Map<number, number> => new Map(all.all().map(({ id, other }) => [id, other]));
  let others = read();
  return {
    resolve: (id) => others.get(id) ?? id,
    add: (id, other) => {
      insert.run([id, other]);
      others.set(id, other);
    },
    forget: () => (others = read()),
  };
}
