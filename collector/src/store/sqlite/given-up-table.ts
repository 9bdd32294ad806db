import type { Database } from '../../sqlite/database.js';
import type { Resolve } from '../codec/resolve.js';

/**
 * The values that gave their places up. Users' rows keep their IDs, since rewriting a million of
 * rows would stop the counting for minutes. Use it inside a transaction.
 */
export interface GivenUpTable {
  readonly resolve: Resolve;
  /** Values that counted under this one count under the other from now on too. */
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
  const redirect = db.prepare('UPDATE given_up SET other_id = ? WHERE other_id = ?');
  let others = new Map<number, number>();
  let targets = new Set<number>();
  const read = (): void => {
    others = new Map(all.all().map(({ id, other }) => [id, other]));
    targets = new Set(others.values());
  };
  read();
  return {
    resolve: (id) => others.get(id) ?? id,
    add: (id, other) => {
      insert.run([id, other]);
      others.set(id, other);
      targets.add(other);
      if (!targets.has(id)) return;
      redirect.run([other, id]);
      read();
    },
    forget: read,
  };
}
