import { ConfigError } from '../config.js';
import { DAY_MS } from '../rules/day.js';
import { toPrintable } from '../to-printable.js';

const UNITS_MS: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: DAY_MS,
};

/**
 * Reads `--since`: how long ago, such as `15m`, or a moment.
 *
 * @returns Milliseconds since 1970.
 * @throws {@link ConfigError}
 */
export function readSince(given: string | undefined, now: Date): number | undefined {
  if (given === undefined) return undefined;
  const [, n, unit = ''] = /^(\d{1,6})([smhd])$/.exec(given) ?? [];
  if (n !== undefined) return now.getTime() - Number(n) * (UNITS_MS[unit] ?? 0);
  const at = /^\d{4}-\d\d-\d\d/.test(given) ? Date.parse(given) : Number.NaN;
  if (!Number.isNaN(at)) return at;
  throw new ConfigError(
    '--since must be a time such as 15m, 2h or 7d, or a moment such as 2026-11-28 or ' +
      `2026-11-28T12:00:00Z; given: "${toPrintable(given)}".`,
  );
}
