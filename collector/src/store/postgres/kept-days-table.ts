import type { KeptInStore } from '../../rules/kept-spans.js';
import type { Connection } from './connection.js';

// Of two times on one day, the shorter one has dropped more.
const NOTE = `
  INSERT INTO kept_days(what, first_run, last_run, days)
  SELECT $1, coalesce((
    SELECT first_run FROM (
      SELECT first_run, days FROM kept_days WHERE what = $1 ORDER BY first_run DESC LIMIT 1
    ) newest WHERE days = $3
  ), $2), $2, $3
  ON CONFLICT (what, first_run) DO UPDATE SET
    days = least(kept_days.days, excluded.days),
    last_run = greatest(kept_days.last_run, excluded.last_run)`;

/** Notes for how long something is kept before a run drops anything, so that no answer claims more. */
export async function noteKeptDays(
  connection: Connection,
  what: KeptInStore,
  { today, days }: { readonly today: number; readonly days: number },
): Promise<void> {
  await connection.run(NOTE, [what, today, days]);
}
