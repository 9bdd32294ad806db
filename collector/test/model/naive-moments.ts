/** What the collector knows of a report's time beside the report. */
export interface Times {
  readonly receivedAt: number;
  readonly sentAt: string | undefined;
  /** All moments that the readable reports of the batch tell, by their timestamps and IDs. */
  readonly told: readonly number[];
}

/** When a report counts, and what there is to say of that. */
export interface NaiveMoments {
  readonly at: number;
  readonly madeAt: number;
  /** Whether it counts at another moment than the client says, by more than clocks may differ. */
  readonly isClamped: boolean;
  /** What it is taken for if it was not received when it was sent. */
  readonly mark: 'clock_corrected' | 'delayed' | undefined;
  /** When it would count by the other explanation, where there are two. */
  readonly otherwise: number | undefined;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** The table of docs/collector/times.md, row by row. */
export function momentsOf(timestamp: string, times: Times): NaiveMoments {
  const { receivedAt } = times;
  const written = instantOf(timestamp);
  if (written === undefined) {
    const now = { at: receivedAt, madeAt: receivedAt, isClamped: false };
    return { ...now, mark: undefined, otherwise: undefined };
  }
  const { gap, mark, isSure } = explain(times);
  const [chosen, other] = mark === 'delayed' ? [written, written + gap] : [written + gap, written];
  const possible = isSure ? [chosen] : [chosen, other];
  return {
    ...bounded(chosen, receivedAt),
    madeAt: Math.min(receivedAt, ...possible),
    mark,
    otherwise: isSure ? undefined : bounded(other, receivedAt).at,
  };
}

interface Explanation {
  readonly gap: number;
  readonly mark: NaiveMoments['mark'];
  readonly isSure: boolean;
}

function explain({ receivedAt, sentAt, told }: Times): Explanation {
  const sent = sentAt === undefined ? undefined : instantOf(sentAt);
  if (sent === undefined) return { gap: 0, mark: undefined, isSure: true };
  const gap = receivedAt - sent;
  const [fast, slow] = [gap < -5 * MINUTE_MS, gap > 5 * MINUTE_MS];
  if (!fast && !slow) return { gap, mark: undefined, isSure: true };
  if (fast || gap > 30 * DAY_MS) return { gap, mark: 'clock_corrected', isSure: true };
  const isLater = (at: number): boolean =>
    at > sent + 5 * MINUTE_MS && at <= receivedAt + 5 * MINUTE_MS;
  if (told.some(isLater)) return { gap, mark: 'delayed', isSure: true };
  // 0.5, 1, 1.5 … 14 hours, each give or take a minute.
  const zones = Array.from({ length: 28 }, (_, n) => (n + 1) * 0.5 * HOUR_MS);
  const isZone = zones.some((hours) => Math.abs(gap - hours) <= MINUTE_MS);
  return { gap, mark: isZone ? 'clock_corrected' : 'delayed', isSure: false };
}

function bounded(at: number, receivedAt: number): { at: number; isClamped: boolean } {
  if (receivedAt - at > 30 * DAY_MS) return { at: receivedAt, isClamped: true };
  if (at > receivedAt) return { at: receivedAt, isClamped: at - receivedAt > 5 * MINUTE_MS };
  return { at, isClamped: false };
}

/** The moments that a report tells: its timestamp, and the time in its ID. */
export function momentsTold(id: unknown, timestamp: unknown): number[] {
  const written = typeof timestamp === 'string' ? instantOf(timestamp) : undefined;
  return [written, numberedOf(id)].filter((at) => at !== undefined);
}

/** Whether a text is no time at all; one without a zone is a time, which tells no instant. */
export const isNoTime = (text: string): boolean => !/^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(text);

/**
 * Whether ID, timestamp and a clock that is right all say that a report was made when nobody
 * remembers what was counted.
 */
export function isTooOld(
  id: unknown,
  timestamp: string,
  { receivedAt, sentAt }: Omit<Times, 'told'>,
): boolean {
  const numbered = numberedOf(id);
  const written = instantOf(timestamp);
  const sent = sentAt === undefined ? undefined : instantOf(sentAt);
  if (numbered === undefined || written === undefined || sent === undefined) return false;
  const days = (receivedAt - numbered) / DAY_MS;
  const isAlike = Math.abs(written - numbered) <= DAY_MS && Math.abs(sent - receivedAt) < DAY_MS;
  return isAlike && days > 35 && days <= 400;
}

/** The time in an ID, which only UUIDv7 have. */
function numberedOf(id: unknown): number | undefined {
  if (typeof id !== 'string' || !/^[\da-f-]{14}7/i.test(id)) return undefined;
  return Number.parseInt(id.replace('-', '').slice(0, 12), 16);
}

/** A time without a zone tells no instant. */
function instantOf(text: string): number | undefined {
  if (!/^\d{4}-.*(Z|[+-]\d\d:\d\d)$/.test(text)) return undefined;
  return Date.parse(text);
}
