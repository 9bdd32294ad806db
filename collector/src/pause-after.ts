/** How long what fails is left alone, in milliseconds. */
export interface Pauses {
  /** From the first failure to the next attempt. Each further one doubles it. */
  readonly firstRetryMs: number;
  readonly longestRetryMs: number;
  /** What `Retry-After` may ask for at most. */
  readonly longestAskedMs: number;
}

/**
 * How long to wait before the next attempt, in milliseconds.
 *
 * @param failures - In a row, from 1 on.
 * @param askedMs - What the other side asks for; 0 if nothing.
 * @param random - From 0 up to 1.
 */
export function pauseAfter(
  failures: number,
  askedMs: number,
  { firstRetryMs, longestRetryMs, longestAskedMs }: Pauses,
  random: () => number,
): number {
  const doubled = firstRetryMs * 2 ** Math.min(failures - 1, 30);
  // Spread, so that several do not come back at the same time.
  const ownMs = Math.min(doubled, longestRetryMs) * (0.75 + random() / 4);
  return Math.max(ownMs, Math.min(askedMs, longestAskedMs));
}
