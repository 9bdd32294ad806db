import type { Endpoint } from '../project/endpoint.js';
import { clamp, MAX_WAIT_MS } from '../ranges.js';
import { isRecord } from '../type-guards.js';
import type { RejectedReport } from '../wire/report.js';

/** What an answer means for the reports of its request. */
export type Verdict =
  /** The collector has them on its disk, except those it names; `retryAfterMs` is for these. */
  | {
      readonly kind: 'accepted';
      readonly rejected: readonly RejectedReport[];
      readonly retryAfterMs?: number;
    }
  /** Trying again may work; not before `retryAfterMs` where the answer asks for that. */
  | { readonly kind: 'retry'; readonly error: string; readonly retryAfterMs?: number }
  /** Smaller requests may work. */
  | { readonly kind: 'too-large' }
  /** The same request without compression may work. */
  | { readonly kind: 'unsupported-encoding' }
  /** Trying again never works. */
  | { readonly kind: 'refused'; readonly error: string }
  /** The collector takes no more reports of this version of the app. */
  | { readonly kind: 'retired' };

/** The parts of an answer that a verdict depends on. */
export interface ReceivedResponse {
  readonly status: number;
  readonly body: string;
  /** `Content-Type` */
  readonly type?: string;
  /** Whether the body is longer than what was read of it. */
  readonly isCutOff?: boolean;
  readonly retryAfterMs?: number;
}

/** The parts of a request that a verdict depends on. */
export interface SentRequest {
  readonly reports: number;
  readonly isCompressed: boolean;
  readonly form: Endpoint['form'];
}

/**
 * Reads an answer. Not only the collector answers: on the way to it are proxies, ingresses, block
 * pages and captive portals. So only what a collector says is believed:
 *
 * - A 2xx with JSON or nothing in it accepts the reports; the body may name some that are rejected.
 * - A 4xx with a problem of a Headcount collector is final, and 410 retires this version of the
 *   app; but 408 and 429 are tried again. An endpoint with a path of its own may be any server of
 *   the first generation: there, a 4xx with JSON is final too.
 * - 413 asks for smaller requests, and 415 for no compression, whoever says it.
 * - Everything else is a failure and is tried again.
 */
export function readResponse(response: ReceivedResponse, request: SentRequest): Verdict {
  const { status, retryAfterMs } = response;
  const { reports, isCompressed, form } = request;
  const error = `the collector answered ${status}`;
  const wait = retryAfterMs !== undefined && { retryAfterMs };
  const retry: Verdict = {
    kind: 'retry',
    error: status >= 200 && status < 300 ? `${error}, but not as a collector does` : error,
    ...wait,
  };
  if (status >= 200 && status < 300) {
    const body = acknowledgement(response, form);
    if (!body) return retry;
    const rejected = rejectedIn(body.json, reports);
    // Without a report to send again, there is nothing to wait for.
    return { kind: 'accepted', rejected, ...(rejected.some((one) => one.retry) && wait) };
  }
  const isOurs = isProblem(response);
  if (status === 413 && (reports > 1 || isOurs)) return { kind: 'too-large' };
  if (status === 415 && isCompressed) return { kind: 'unsupported-encoding' };
  if (status === 410 && isOurs) return { kind: 'retired' };
  if (status < 400 || status > 499 || TRANSIENT.includes(status)) return retry;
  const isFinal = isOurs || (form === 'single' && isRecord(jsonOf(response)));
  return isFinal ? { kind: 'refused', error } : retry;
}

/** 407 is a proxy's. */
const TRANSIENT: readonly number[] = [407, 408, 425, 429];

/** The body of a 2xx; `undefined` if it is not an acknowledgement. */
function acknowledgement(
  response: ReceivedResponse,
  form: Endpoint['form'],
): { readonly json: unknown } | undefined {
  if (response.isCutOff) return undefined;
  if (response.body.trim() === '') return { json: undefined };
  // Servers of the first generation may call their JSON what they like.
  if (form !== 'single' && /^text\/html\b/i.test(response.type ?? '')) return undefined;
  const json = jsonOf(response);
  return json === undefined ? undefined : { json };
}

const PROBLEM_TYPE = 'urn:headcount:problem:';

/** Whether an answer is a problem (RFC 9457) of a Headcount collector. */
function isProblem(response: ReceivedResponse): boolean {
  if (!/^application\/problem\+json\s*(;|$)/i.test(response.type ?? '')) return false;
  const problem = jsonOf(response);
  return (
    isRecord(problem) &&
    typeof problem['type'] === 'string' &&
    problem['type'].startsWith(PROBLEM_TYPE) &&
    problem['status'] === response.status
  );
}

/** The JSON of a whole body; `undefined` if it is none. */
function jsonOf({ body, isCutOff }: ReceivedResponse): unknown {
  if (isCutOff) return undefined;
  try {
    return JSON.parse(body) as unknown;
  } catch {
    return undefined;
  }
}

function rejectedIn(answer: unknown, reports: number): RejectedReport[] {
  if (!isRecord(answer) || !Array.isArray(answer['rejected'])) return [];
  const rejected: unknown[] = answer['rejected'];
  return rejected.flatMap((entry) => {
    if (!isRecord(entry)) return [];
    const { index, code, path, retry } = entry;
    if (!isIndex(index, reports)) return [];
    return [{ index, code: String(code), path: String(path), retry: retry === true }];
  });
}

const isIndex = (value: unknown, reports: number): value is number =>
  Number.isInteger(value) && Number(value) >= 0 && Number(value) < reports;

/**
 * The milliseconds that a `Retry-After` asks to wait, at most a day. It gives seconds or a date, in
 * one of three forms (RFC 9110, sections 5.6.7 and 10.2.3); anything else is `undefined`.
 */
export function parseRetryAfter(value: string | undefined, nowMs: number): number | undefined {
  const text = value?.trim() ?? '';
  const isSeconds = /^\d+(\.\d+)?$/.test(text);
  const ms = isSeconds ? Number(text) * 1000 : dateOf(text) - nowMs;
  return Number.isNaN(ms) ? undefined : clamp(ms, MAX_WAIT_MS);
}

/** `NaN` if it is no date. All dates of HTTP are in GMT; the oldest form does not say so. */
function dateOf(text: string): number {
  if (!/^[a-z]{3,9},? /i.test(text)) return NaN;
  return Date.parse(/\bGMT$/.test(text) ? text : `${text} GMT`);
}
