/** How late a report may come and still count on its own day, in milliseconds: 30 days. */
export const MAX_LATENESS_MS = 30 * 24 * 60 * 60 * 1000;

/** How far ahead of the collector's clock a report may be without being marked: 5 minutes. */
export const MAX_AHEAD_MS = 5 * 60 * 1000;

/** What is known of the moment of a report. All are in milliseconds since 1970. */
export interface ReportTimes {
  readonly receivedAt: number;
  /** By the client's clock. */
  readonly at: number | null;
  /** By the client's clock, at the moment of sending. */
  readonly sentAt: number | null;
}

/** The moment of a report, in milliseconds since 1970. */
export interface ResolvedInstant {
  /** The instant it counts for. */
  readonly at: number;
  /** When it was made, as far as that is known. */
  readonly madeAt: number;
  /** Whether {@link at} is not what the client said. */
  readonly clamped: boolean;
}

/**
 * The instant a report counts for: the client's, corrected by the error of its clock at the moment
 * of sending. An impossible instant (in the future, or older than a client keeps reports) most
 * likely comes from a wrong clock, so the moment of receipt is taken instead.
 */
export function resolveInstant(times: ReportTimes): ResolvedInstant {
  const { receivedAt, at, sentAt } = times;
  if (at === null) return { at: receivedAt, madeAt: receivedAt, clamped: false };
  const corrected = sentAt === null ? at : at + (receivedAt - sentAt);
  const madeAt = Math.min(corrected, receivedAt);
  if (corrected < receivedAt - MAX_LATENESS_MS) return { at: receivedAt, madeAt, clamped: true };
  return { at: madeAt, madeAt, clamped: corrected > receivedAt + MAX_AHEAD_MS };
}
