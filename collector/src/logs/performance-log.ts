import type { Logger } from 'pino';

/** The message of a line with the figures of a route. */
export const PERFORMANCE = 'performance';

/** An answered request. */
export interface AnsweredRequest {
  readonly method: string;
  readonly route: string;
  readonly status: number;
  readonly ms: number;
}

/** Adds up how long requests take, and logs it once a minute for each route that was asked. */
export interface PerformanceLog {
  add(request: AnsweredRequest): void;
  /** Logs what was added since the last time. */
  tell(): void;
}

/** The upper bounds of the ranges that times are counted in, in milliseconds. */
const BOUNDS_MS: readonly number[] = [
  ...[1, 2, 3, 5, 7, 10, 15, 20, 30, 50, 70, 100, 150, 200, 300, 500, 700],
  ...[1000, 1500, 2000, 3000, 5000, 7000, 10_000, 20_000, 30_000, 60_000],
];

interface Route {
  readonly method: string;
  readonly route: string;
  requests: number;
  failed: number;
  sumMs: number;
  maxMs: number;
  /** Requests by range; the last is beyond all bounds. */
  readonly counts: Uint32Array;
}

/** Creates the figures, all at 0. There are as many as the server has routes. */
export function createPerformanceLog(logger: Pick<Logger, 'info'>): PerformanceLog {
  const routes = new Map<string, Route>();
  return {
    add: ({ method, route, status, ms }) => {
      const key = `${method} ${route}`;
      let one = routes.get(key);
      if (one === undefined) {
        const counts = new Uint32Array(BOUNDS_MS.length + 1);
        one = { method, route, requests: 0, failed: 0, sumMs: 0, maxMs: 0, counts };
        routes.set(key, one);
      }
      one.requests++;
      if (status >= 500) one.failed++;
      one.sumMs += ms;
      one.maxMs = Math.max(one.maxMs, ms);
      const at = BOUNDS_MS.findIndex((bound) => ms <= bound);
      const range = at === -1 ? BOUNDS_MS.length : at;
      one.counts[range] = (one.counts[range] ?? 0) + 1;
    },
    tell: () => {
      for (const one of routes.values()) {
        const { method, route, requests, failed, sumMs, maxMs } = one;
        const figures = {
          ...{ method, route, requests, failed },
          mean_ms: round(sumMs / requests),
          p50_ms: quantile(one, 0.5),
          p99_ms: quantile(one, 0.99),
          max_ms: round(maxMs),
        };
        logger.info(figures, PERFORMANCE);
      }
      routes.clear();
    },
  };
}

/** The bound that so many of the requests were below, and never more than the longest took. */
function quantile({ counts, requests, maxMs }: Route, share: number): number {
  let seen = 0;
  const at = counts.findIndex((n) => (seen += n) >= share * requests);
  return Math.min(BOUNDS_MS[at] ?? Infinity, round(maxMs));
}

const round = (ms: number): number => Math.round(ms * 10) / 10;
