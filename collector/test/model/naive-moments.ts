/** What the collector knows of a report's time beside the report. */
export interface Times {
  readonly receivedAt: number;
  readonly sentAt: string | undefined;
}

/** When a report counts, and what there is to say of that. */
export interface NaiveMoments {
  readonly at: number;
  readonly madeAt: number;
  /** Whether it counts at another moment than the client says, by more than clocks may differ. */
  readonly isClamped: boolean;
}

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** The client's instant, put right by how wrong its clock is; what cannot be true is now. */
export function momentsOf(timestamp: string, { receivedAt, sentAt }: Times): NaiveMoments {
  const written = instantOf(timestamp);
  if (written === undefined) return { at: receivedAt, madeAt: receivedAt, isClamped: false };
  const sent = sentAt === undefined ? undefined : instantOf(sentAt);
  const said = sent === undefined ? written : written + receivedAt - sent;
  const madeAt = Math.min(receivedAt, said);
  if (receivedAt - said > 30 * DAY_MS) return { at: receivedAt, madeAt, isClamped: true };
  return { at: madeAt, madeAt, isClamped: said - receivedAt > 5 * MINUTE_MS };
}

/** Whether a text is no time at all; one without a zone is a time, which tells no instant. */
export const isNoTime = (text: string): boolean => !/^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(text);

/**
 * Whether ID, timestamp and a clock that is right all say that a report was made when nobody
 * remembers what was counted.
 */
export function isTooOld(id: unknown, timestamp: string, { receivedAt, sentAt }: Times): boolean {
  const numbered = typeof id === 'string' && /^[\da-f-]{14}7/i.test(id) ? madeAtOf(id) : undefined;
  const written = instantOf(timestamp);
  const sent = sentAt === undefined ? undefined : instantOf(sentAt);
  if (numbered === undefined || written === undefined || sent === undefined) return false;
  const days = (receivedAt - numbered) / DAY_MS;
  const isAlike = Math.abs(written - numbered) <= DAY_MS && Math.abs(sent - receivedAt) < DAY_MS;
  return isAlike && days > 35 && days <= 400;
}

const madeAtOf = (id: string): number => Number.parseInt(id.replace('-', '').slice(0, 12), 16);

/** A time without a zone tells no instant. */
function instantOf(text: string): number | undefined {
  if (!/^\d{4}-.*(Z|[+-]\d\d:\d\d)$/.test(text)) return undefined;
  return Date.parse(text);
}
