import { isRecord } from '../is-record.js';
import { type LogLine, readLevel } from './log-line.js';

/** Values may be so deep. What is deeper cannot be written as JSON again, and is text. */
const MAX_DEPTH = 100;

/** Reads a line of pino's kind, as the collector's own; `undefined` if it is none. */
export function parseJsonLine(text: string): LogLine | undefined {
  if (!text.startsWith('{')) return undefined;
  let object: unknown;
  try {
    object = JSON.parse(text);
  } catch {
    return undefined; // torn, or something else in braces
  }
  if (!isRecord(object) || !isShallow(object, MAX_DEPTH)) return undefined;
  const { level, time, timestamp, source, name, msg, message, ...rest } = object;
  const words = msg ?? message;
  if (level === undefined && words === undefined) return undefined;
  const place = placeOf(rest);
  return {
    time: readTime(time ?? timestamp),
    level: readLevel(level) ?? 'info',
    source: toText(source ?? name),
    ...place,
    message: toText(words),
    details: rest,
  };
}

/** The first moment and the one after the last that can be written with four digits of a year. */
const [FIRST, END] = [Date.UTC(1, 0), Date.UTC(10_000, 0)];

/** Numbers below this are seconds: as milliseconds they would be in 1973 or before. */
const LEAST_MS = 1e11;

/** Reads a moment: milliseconds or seconds since 1970, or a text. */
export function readTime(time: unknown): string | null {
  const at =
    typeof time === 'number'
      ? time < LEAST_MS
        ? time * 1000
        : time
      : typeof time === 'string'
        ? Date.parse(time)
        : Number.NaN;
  return at >= FIRST && at < END ? new Date(at).toISOString() : null;
}

function isShallow(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return depth > 0 && Object.values(value).every((one) => isShallow(one, depth - 1));
}

const toText = (value: unknown): string =>
  typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value);

/** Characters of line and column at the end of a frame, at most. */
const MAX_PLACE = 24;

/** Where an error of the collector was thrown: the first of its frames; else what it is about. */
function placeOf(rest: Readonly<Record<string, unknown>>): Pick<LogLine, 'function' | 'line'> {
  const { error, job, route } = rest;
  const [frame] = isRecord(error) && Array.isArray(error['at']) ? (error['at'] as unknown[]) : [];
  const text = toText(frame);
  const [, line] = /:(\d{1,9}):\d{1,9}\)?$/.exec(text.slice(-MAX_PLACE)) ?? [];
  const name = text.slice(0, Math.max(0, text.indexOf(' (')));
  if (line !== undefined) return { function: name, line: Number(line) };
  return { function: toText(job ?? route), line: 0 };
}
