import {
  type BatchTimes,
  explainGap,
  type GapCause,
  MAX_AHEAD_MS,
  MAX_LATENESS_MS,
} from './clock-gap.js';

/** What is known of the moment of a report. All are in milliseconds since 1970. */
export interface ReportTimes extends BatchTimes {
  /** By the client's clock; `null` if it is missing or unreadable. */
  readonly at: number | null;
}

/** The moment of a report, in milliseconds since 1970. */
export interface ResolvedInstant {
  /** The instant it counts for. */
  readonly at: number;
  /** When it was made, as far as that is known: the earliest moment that is possible. */
  readonly madeAt: number;
  /** Whether {@link at} is the moment of receipt because the report's own is impossible. */
  readonly clamped: boolean;
  /** What {@link at} allows for. */
  readonly cause: GapCause['kind'];
  /** The instant it would count for by the other cause; {@link at} if there is no other. */
  readonly otherwise: number;
}

/**
 * The instant a report counts for: the client's, corrected by the error of its clock if it is the
 * clock that is wrong. An impossible instant (in the future, or older than a client keeps reports)
 * most likely comes from a wrong clock, so the moment of receipt is taken instead.
 */
export function resolveInstant(times: ReportTimes): ResolvedInstant {
  const { receivedAt, at, sentAt } = times;
  if (at === null) {
    const now = { at: receivedAt, madeAt: receivedAt, otherwise: receivedAt };
    return { ...now, clamped: false, cause: 'none' };
  }
  const { kind, isSure } = explainGap(times);
  const corrected = sentAt === null ? at : at + (receivedAt - sentAt);
  const [chosen, other] = kind === 'delivery' ? [at, corrected] : [corrected, at];
  const bounded = bound(chosen, receivedAt);
  return {
    ...bounded,
    madeAt: Math.min(chosen, isSure ? chosen : other, receivedAt),
    cause: kind,
    otherwise: isSure ? bounded.at : bound(other, receivedAt).at,
  };
}

function bound(at: number, receivedAt: number): Pick<ResolvedInstant, 'at' | 'clamped'> {
  if (at < receivedAt - MAX_LATENESS_MS) return { at: receivedAt, clamped: true };
  return { at: Math.min(at, receivedAt), clamped: at > receivedAt + MAX_AHEAD_MS };
}
