import type { Connection } from './connection.js';

/** Keeps the first day on which a report came whose country was looked up. */
export async function noteCountrySince(
  connection: Connection,
  days: readonly number[],
): Promise<void> {
  if (days.length === 0) return;
  const first = days.reduce((a, b) => Math.min(a, b));
  await connection.run(
    `INSERT INTO about(name, value) VALUES ('country_since', $1::int::text)
     ON CONFLICT (name) DO UPDATE SET value = excluded.value
     WHERE about.value::int > excluded.value::int`,
    [first],
  );
}
