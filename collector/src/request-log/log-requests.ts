import type { Logger } from 'pino';
import type { App } from '../app-types.js';
import type { AccessLog } from '../logs/logger.js';
import { type HttpTimes, UNKNOWN_ROUTE } from '../performance/http-times.js';
import { createPerformanceLog } from './performance-log.js';
import { pageOf } from '../inner-requests.js';

export interface AccessLogParts {
  readonly requestLogger: Logger;
  readonly accessLog: AccessLog;
  readonly now: () => Date;
  readonly times: Pick<HttpTimes, 'series'>;
  /** Milliseconds of a clock that never goes back. */
  readonly monotonicMs: () => number;
}

/** Requests of a second that are logged before others are left out. */
export const SAMPLED_PER_SECOND = 100;

/** Of those beyond, each so many-th is logged. */
const SAMPLE_EVERY = 100;

/** Failed requests of a second that are logged at most. */
const FAILED_PER_SECOND = 1000;

/** How often it is told what was left out, and how long requests took, in milliseconds. */
const TELL_EVERY_MS = 60_000;

/**
 * Logs each request by its route, never by its URL, which may hold what a client sent; and once a
 * minute, how long the requests to each route took and how many were left out.
 */
export function logRequests(app: App, { accessLog, now, ...parts }: AccessLogParts): void {
  const logger = parts.requestLogger;
  const performance = createPerformanceLog(logger, parts.times);
  let left = { requests: 0, since: now() };
  let second = { beganMs: -Infinity, requests: 0, failed: 0 };

  const isLogged = (status: number): boolean => {
    if (accessLog === 'all') return true;
    if (accessLog === 'off') return false;
    const nowMs = parts.monotonicMs();
    if (nowMs - second.beganMs >= 1000) second = { beganMs: nowMs, requests: 0, failed: 0 };
    // Refusals, such as for a full disk, can come as often as requests do.
    if (status === 500) return ++second.failed <= FAILED_PER_SECOND;
    second.requests++;
    return second.requests <= SAMPLED_PER_SECOND || second.requests % SAMPLE_EVERY === 0;
  };
  const tell = (): void => {
    performance.tell();
    if (left.requests > 0) {
      const { requests: left_out, since } = left;
      logger.info({ left_out, since: since.toISOString() }, 'requests are not in the log');
    }
    left = { requests: 0, since: now() };
  };
  const timer = setInterval(tell, TELL_EVERY_MS);
  timer.unref();
  app.addHook('onClose', (_app, done) => {
    clearInterval(timer);
    tell();
    done();
  });
  app.addHook('onResponse', (request, reply, done) => {
    if (pageOf(request) !== undefined) {
      done();
      return;
    }
    const { statusCode: status } = reply;
    if (isLogged(status)) {
      const { id: request_id, method, routeOptions } = request;
      const route = routeOptions.url ?? UNKNOWN_ROUTE;
      const ms = Math.round(reply.elapsedTime);
      logger.info({ request_id, method, route, status, ms }, 'request');
    } else {
      left.requests++;
    }
    done();
  });
}
