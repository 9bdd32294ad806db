import type { Database } from '../../sqlite/database.js';

/** Finds the day by UTC on which the first report came whose country was looked up. */
export function prepareCountrySince(db: Database): () => number | null {
  const find = db.prepare<{ value: string }>(
    `SELECT value FROM about WHERE name = 'country_since'`,
  );
  return () => {
    const row = find.get();
    return row === undefined ? null : Number(row.value);
  };
}

/** Keeps it. The earliest day counts: journals may be counted in any order. */
export function createCountrySince(db: Database) {
  const find = prepareCountrySince(db);
  const write = db.prepare(
    `INSERT INTO about(name, value) VALUES ('country_since', ?1)
     ON CONFLICT DO UPDATE SET value = excluded.value`,
  );
  /** `undefined` until it is read. */
  let since: number | null | undefined;
  return {
    /** @param days - The days on which such reports came. */
    add: (days: readonly number[]): void => {
      if (days.length === 0) return;
      const first = days.reduce((a, b) => Math.min(a, b));
      since ??= find();
      if (since !== null && since <= first) return;
      write.run([String(first)]);
      since = first;
    },
    /** Forgets what a transaction that was undone has changed. */
    forget: (): void => {
      since = undefined;
    },
  };
}
