import {
  bucketOf,
  LATENCY_BUCKETS,
  type Latencies,
  noLatencies,
  quantileOf,
} from '../performance/latencies.js';
import { PERFORMANCE } from '../logs/log-names.js';
import { DAY_MS } from '../rules/day.js';
import { createErrorTimes } from './error-times.js';
import { isAtLeast, type LogLine } from './log-line.js';
import { normalizeMessage } from './normalize-message.js';

/** A kind of errors: those with the same message, but for numbers, IDs and quoted texts. */
export interface ErrorKind {
  readonly message: string;
  readonly source: string;
  readonly count: number;
  /** ISO 8601; `null` if the lines say no time. */
  readonly first: string | null;
  readonly last: string | null;
  /** Whether no line before the span of the report has it; `null` if there are none to look at. */
  readonly is_new: boolean | null;
}

/** A time with unusually many errors. */
export interface Burst {
  readonly start: string;
  readonly errors: number;
}

/** How long the requests to a route took. */
export interface RouteTimes {
  readonly route: string;
  readonly requests: number;
  /** Of the worst minute, where the log has times by minute. */
  readonly p99_ms: number | null;
  readonly max_ms: number;
}

/** What a log says, together. */
export interface LogReport {
  readonly from: string | null;
  readonly to: string | null;
  readonly lines: number;
  /** Those of a moment more than a day ahead. They are counted, and have no place in time. */
  readonly future_lines: number;
  readonly errors: number;
  readonly warnings: number;
  readonly window_seconds: number;
  /** Errors by window, the oldest first. */
  readonly errors_by_window: readonly number[];
  readonly bursts: readonly Burst[];
  /** The most frequent first. */
  readonly kinds: readonly ErrorKind[];
  /** The slowest first. */
  readonly routes: readonly RouteTimes[];
}

export interface LogReporter {
  add(line: LogLine): void;
  result(): LogReport;
}

/** A clock may be ahead by so much, in milliseconds, before its times are not believed. */
const MAX_AHEAD_MS = DAY_MS;

/** Kinds and routes that are told apart; further ones are together. */
const MAX_KINDS = 500;
const MAX_ROUTES = 200;

const OTHER = 'other';

/** So many errors in a window are never a burst, and so many times the median is one. */
const LEAST_BURST = 10;
const BURST_TIMES = 3;

interface Kind {
  readonly message: string;
  readonly source: string;
  count: number;
  first: string | null;
  last: string | null;
  isOld: boolean;
}

interface Route {
  requests: number;
  worstP99Ms: number | null;
  maxMs: number;
  counts: Latencies | undefined;
}

/**
 * Creates a report of the lines from a moment on.
 *
 * @param since - Milliseconds since 1970; lines before it only tell which kinds are new. All lines
 *   are in the report without it.
 */
export function createLogReport(since: number | undefined, now: Date): LogReporter {
  const kinds = new Map<string, Kind>();
  const routes = new Map<string, Route>();
  const times = createErrorTimes();
  let [lines, future, errors, warnings] = [0, 0, 0, 0];
  let [from, to] = [Infinity, -Infinity];
  let hasEarlier = false;

  const addError = (line: LogLine, isOld: boolean): void => {
    const message = normalizeMessage(line);
    const key = `${line.source} ${message}`;
    let kind = kinds.get(key);
    if (kind === undefined) {
      const isOther = kinds.size >= MAX_KINDS;
      const named = isOther ? { message: OTHER, source: '' } : { message, source: line.source };
      kind = (isOther ? kinds.get(OTHER) : undefined) ?? {
        ...named,
        ...{ count: 0, first: null, last: null, isOld: false },
      };
      kinds.set(isOther ? OTHER : key, kind);
    }
    kind.isOld ||= isOld;
    if (isOld) return;
    kind.count++;
    kind.first ??= line.time;
    kind.last = line.time ?? kind.last;
  };
  const routeOf = (name: string): Route => {
    const key = routes.has(name) || routes.size < MAX_ROUTES ? name : OTHER;
    const route = routes.get(key) ?? { requests: 0, worstP99Ms: null, maxMs: 0, counts: undefined };
    routes.set(key, route);
    return route;
  };
  const addTimes = ({ message, details }: LogLine): void => {
    const { route: name, ms, requests, p99_ms, max_ms } = details;
    if (typeof name !== 'string') return;
    if (message === PERFORMANCE && isNumber(requests) && isNumber(max_ms)) {
      const route = routeOf(name);
      // From here on the log has every request: lines of single ones would count them again.
      if (route.counts !== undefined)
        Object.assign(route, { requests: 0, maxMs: 0, counts: undefined });
      route.requests += requests;
      route.maxMs = Math.max(route.maxMs, max_ms);
      if (isNumber(p99_ms)) route.worstP99Ms = Math.max(route.worstP99Ms ?? 0, p99_ms);
    } else if (isNumber(ms) && ms >= 0) {
      const route = routeOf(name);
      if (route.worstP99Ms !== null) return;
      route.counts ??= noLatencies();
      const bucket = Math.min(LATENCY_BUCKETS - 1, bucketOf(ms));
      route.counts[bucket] = (route.counts[bucket] ?? 0) + 1;
      route.requests++;
      route.maxMs = Math.max(route.maxMs, ms);
    }
  };
  return {
    add: (line) => {
      const said = line.time === null ? undefined : Date.parse(line.time);
      const isAhead = said !== undefined && said > now.getTime() + MAX_AHEAD_MS;
      const at = isAhead ? undefined : said;
      const isEarlier = since !== undefined && (said === undefined || said < since);
      const isError = isAtLeast(line.level, 'error');
      if (isEarlier) {
        hasEarlier = true;
        if (isError) addError(line, true);
        return;
      }
      lines++;
      if (isAhead) future++;
      if (at !== undefined) [from, to] = [Math.min(from, at), Math.max(to, at)];
      if (line.level === 'warn') warnings++;
      addTimes(line);
      if (!isError) return;
      errors++;
      addError(line, false);
      if (at !== undefined) times.add(at);
    },
    result: () => {
      const { begin, stepMs, counts: windows } = times.windows(from, to);
      const threshold = Math.max(LEAST_BURST, BURST_TIMES * medianOf(windows));
      const toText = (ms: number) => (Number.isFinite(ms) ? new Date(ms).toISOString() : null);
      return {
        ...{ from: toText(from), to: toText(to), lines, future_lines: future, errors, warnings },
        window_seconds: stepMs / 1000,
        errors_by_window: windows,
        bursts: windows.flatMap((n, at) =>
          n > threshold ? [{ start: new Date(begin + at * stepMs).toISOString(), errors: n }] : [],
        ),
        kinds: [...kinds.values()]
          .filter(({ count }) => count > 0)
          .map(({ isOld, ...kind }) => ({ ...kind, is_new: hasEarlier ? !isOld : null }))
          .sort((a, b) => b.count - a.count),
        routes: [...routes]
          .map(([route, { requests, worstP99Ms, maxMs, counts }]) => ({
            ...{ route, requests, max_ms: maxMs },
            p99_ms: worstP99Ms ?? (counts === undefined ? null : quantileOf(counts, 0.99, maxMs)),
          }))
          .sort((a, b) => (b.p99_ms ?? 0) - (a.p99_ms ?? 0) || b.max_ms - a.max_ms),
      };
    },
  };
}

const isNumber = (value: unknown): value is number =>
  typeof value === 'number' && Number.isFinite(value);

function medianOf(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
