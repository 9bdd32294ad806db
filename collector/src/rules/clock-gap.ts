/** How late a report may come and still count on its own day, in milliseconds: 30 days. */
export const MAX_LATENESS_MS = 30 * 24 * 60 * 60 * 1000;

/** How far two clocks may differ without being marked, in milliseconds: 5 minutes. */
export const MAX_AHEAD_MS = 5 * 60 * 1000;

/** What is known of a batch's way from its client. All are in milliseconds since 1970. */
export interface BatchTimes {
  readonly receivedAt: number;
  /** By the client's clock, as the batch says it; `null` if it does not, or if that is unreadable. */
  readonly sentAt: number | null;
  /**
   * When its newest report was made, by the client's clock; `null` if unknown. Times of the future
   * do not count.
   */
  readonly newestAt: number | null;
}

/** Why a batch was received at another time than it says that it was sent at. */
export interface GapCause {
  /**
   * - `none`: it was not, or it does not say when it was sent.
   * - `clock`: the client's clock is wrong.
   * - `delivery`: the batch was on its way for long.
   */
  readonly kind: 'none' | 'clock' | 'delivery';
  /** Whether the other cause can be excluded. */
  readonly isSure: boolean;
}

/** How far the local time of a zone may be from UTC, in milliseconds. */
const MAX_ZONE_MS = 14 * 60 * 60 * 1000;

/** Zones differ by multiples of this, with three exceptions, all of them east of Greenwich. */
const ZONE_STEP_MS = 30 * 60 * 1000;

/** How exactly people set a clock, in milliseconds. */
const SET_BY_HAND_MS = 60 * 1000;

/** Tells a wrong clock from a late delivery; docs/collector/times.md has the rule in words. */
export function explainGap({ receivedAt, sentAt, newestAt }: BatchTimes): GapCause {
  const gap = sentAt === null ? 0 : receivedAt - sentAt;
  if (Math.abs(gap) <= MAX_AHEAD_MS) return { kind: 'none', isSure: true };
  if (gap < 0 || gap > MAX_LATENESS_MS) return { kind: 'clock', isSure: true };
  if (newestAt !== null && sentAt !== null && newestAt > sentAt + MAX_AHEAD_MS) {
    return { kind: 'delivery', isSure: true };
  }
  return { kind: isZoneError(gap) ? 'clock' : 'delivery', isSure: false };
}

function isZoneError(gap: number): boolean {
  const rest = gap % ZONE_STEP_MS;
  const isWhole = Math.min(rest, ZONE_STEP_MS - rest) <= SET_BY_HAND_MS;
  return isWhole && gap <= MAX_ZONE_MS + SET_BY_HAND_MS;
}
