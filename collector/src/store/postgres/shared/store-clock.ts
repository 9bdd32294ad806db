import type { Connection } from '../connection.js';

/**
 * Asks a store how far a clock is ahead of its own; negative if it is behind. What the way there and
 * back may account for is left out.
 *
 * @returns In milliseconds.
 */
export async function readClockLead(connection: Connection, now: () => Date): Promise<number> {
  const [askedAt, askedMs] = [now().getTime(), performance.now()];
  const row = await connection.get<{ at: number }>(
    'SELECT extract(epoch FROM clock_timestamp())::float8 * 1000 AS at',
  );
  if (row === undefined) return 0;
  const halfMs = (performance.now() - askedMs) / 2;
  const lead = askedAt + halfMs - row.at;
  return Math.sign(lead) * Math.max(0, Math.abs(lead) - halfMs);
}
