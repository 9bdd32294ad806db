/**
 * A user's activity on the last 64 days, one bit a day: bit 0 is the user's last day, bit `n` the
 * day `n` days before it. Kept as a signed 64-bit integer, as SQLite stores it.
 */
export type ActivityBits = bigint;

/** Days that {@link ActivityBits} look back on. */
export const ACTIVITY_DAYS = 64;

/** Active on the last day, and on no other. */
export const ONE_DAY: ActivityBits = 1n;

/** Puts the activity of two reports of one user together; days are numbered since 1970. */
export function mergeActivity(
  a: { readonly lastDay: number; readonly bits: ActivityBits },
  b: { readonly lastDay: number; readonly bits: ActivityBits },
): ActivityBits {
  const lastDay = Math.max(a.lastDay, b.lastDay);
  return rebase(a, lastDay) | rebase(b, lastDay);
}

/**
 * Whether a user was active on at least one of the `days` days that end with `day`.
 *
 * @param days - From 1 to 63.
 */
export function isActiveWithin(
  user: { readonly lastDay: number; readonly bits: ActivityBits },
  day: number,
  days: number,
): boolean {
  const bits = BigInt.asUintN(ACTIVITY_DAYS, rebase(user, day));
  return (bits & ((1n << BigInt(days)) - 1n)) !== 0n;
}

/** The days a user was active on, as far as the bits reach, numbered since 1970, in order. */
export function activeDays({
  lastDay,
  bits,
}: {
  readonly lastDay: number;
  readonly bits: ActivityBits;
}): number[] {
  const unsigned = BigInt.asUintN(ACTIVITY_DAYS, bits);
  const days: number[] = [];
  for (let back = ACTIVITY_DAYS - 1; back >= 0; back--) {
    if (((unsigned >> BigInt(back)) & 1n) === 1n) days.push(lastDay - back);
  }
  return days;
}

/** The same activity as seen from another day. Later days than that fall out of sight. */
function rebase(
  { lastDay, bits }: { readonly lastDay: number; readonly bits: ActivityBits },
  day: number,
): ActivityBits {
  const unsigned = BigInt.asUintN(ACTIVITY_DAYS, bits);
  const shift = day - lastDay;
  if (Math.abs(shift) >= ACTIVITY_DAYS) return 0n;
  return BigInt.asIntN(
    ACTIVITY_DAYS,
    shift >= 0 ? unsigned << BigInt(shift) : unsigned >> BigInt(-shift),
  );
}
