import type { App } from '../app-types.js';
import { bucketOf, LATENCY_BUCKETS, type Latencies, noLatencies } from './latencies.js';
import { pageOf } from '../inner-requests.js';

/** The requests of a route that were answered with one class of statuses. */
export interface HttpSeries {
  readonly route: string;
  /** Such as `2xx`. */
  readonly status: string;
  readonly counts: Latencies;
  /** How long all of them took together, in milliseconds. */
  readonly sumMs: number;
}

/** Requests since the start, by route and class of status. */
export interface HttpTimes {
  /** Counts a request. It takes well below a microsecond, so that it may be on every request. */
  note(route: string, status: number, ms: number): void;
  readonly series: readonly HttpSeries[];
  /** The longest that a request of some series took since the last call, in milliseconds. */
  takeMaxMs(isMeant: (series: HttpSeries) => boolean): number;
}

interface Counted extends HttpSeries {
  sumMs: number;
  maxMs: number;
}

const CLASSES = 6;

/** Creates the counts. A route must be one of few: each is kept. */
export function createHttpTimes(): HttpTimes {
  const byRoute = new Map<string, (Counted | undefined)[]>();
  const series: Counted[] = [];
  const open = (route: string, statusClass: number): Counted => {
    const one = { route, status: `${statusClass}xx`, counts: noLatencies(), sumMs: 0, maxMs: 0 };
    const own = byRoute.get(route) ?? new Array<Counted | undefined>(CLASSES);
    own[statusClass] = one;
    byRoute.set(route, own);
    series.push(one);
    return one;
  };
  return {
    note: (route, status, ms) => {
      const statusClass = Math.min(CLASSES - 1, Math.max(1, Math.floor(status / 100)));
      const one = byRoute.get(route)?.[statusClass] ?? open(route, statusClass);
      const bucket = Math.min(LATENCY_BUCKETS - 1, bucketOf(ms));
      one.counts[bucket] = (one.counts[bucket] ?? 0) + 1;
      one.sumMs += ms;
      if (ms > one.maxMs) one.maxMs = ms;
    },
    series,
    takeMaxMs: (isMeant) => {
      let maxMs = 0;
      for (const one of series) {
        if (isMeant(one)) maxMs = Math.max(maxMs, one.maxMs);
        one.maxMs = 0;
      }
      return maxMs;
    },
  };
}

/** Where streams come from: how long one lasts says nothing of how fast the collector is. */
const STREAM = 'text/event-stream';

/** Counts each request that is answered, by its route, never by its URL. */
export function watchRequests(app: App, times: Pick<HttpTimes, 'note'>): void {
  app.addHook('onResponse', (request, reply, done) => {
    const type = reply.raw.getHeader('content-type');
    if (type !== STREAM && pageOf(request) === undefined) {
      times.note(request.routeOptions.url ?? UNKNOWN_ROUTE, reply.statusCode, reply.elapsedTime);
    }
    done();
  });
}

/** The route of requests that no route is for. */
export const UNKNOWN_ROUTE = 'unknown';
