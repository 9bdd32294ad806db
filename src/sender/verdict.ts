import { clamp, MAX_WAIT_MS } from '../ranges.js';
import { isRecord } from '../type-guards.js';
import type { RejectedReport } from '../wire/report.js';

/** What an answer means for the reports of its request. */
export type Verdict =
  /** The collector has them on its disk, except those it names. */
  | { readonly kind: 'accepted'; readonly rejected: readonly RejectedReport[] }
  /** Trying again may work; not before `retryAfterMs` where the collector asks for that. */
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
  readonly retryAfterMs?: number;
}

/** The parts of a request that a verdict depends on. */
export interface SentRequest {
  readonly reports: number;
  readonly isCompressed: boolean;
}

/**
 * Reads an answer by its status:
 *
 * - 2xx accepts the reports; the body may name some that are rejected. A body that names none,
 *   such as that of a first-generation collector, accepts all.
 * - 408, 429 and 5xx are tried again, and so are 407, which a proxy says, and redirects, which are
 *   not followed.
 * - 410 retires this version of the app, 413 asks for smaller requests, 415 for no compression.
 * - 501, 505 and every other 4xx are final.
 */
export function readResponse(
  { status, body, retryAfterMs }: ReceivedResponse,
  { reports, isCompressed }: SentRequest,
): Verdict {
  if (status >= 200 && status < 300) {
    return { kind: 'accepted', rejected: rejectedIn(body, reports) };
  }
  if (status === 410) return { kind: 'retired' };
  if (status === 413) return { kind: 'too-large' };
  if (status === 415 && isCompressed) return { kind: 'unsupported-encoding' };
  const error = `the collector answered ${status}`;
  if (isFinal(status)) return { kind: 'refused', error };
  return { kind: 'retry', error, ...(retryAfterMs !== undefined && { retryAfterMs }) };
}

const isFinal = (status: number): boolean =>
  status === 501 ||
  status === 505 ||
  (status >= 400 && status < 500 && ![407, 408, 429].includes(status));

function rejectedIn(body: string, reports: number): RejectedReport[] {
  let answer: unknown;
  try {
    answer = JSON.parse(body);
  } catch {
    return []; // not JSON: a plain "ok"
  }
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
 * The milliseconds that a `Retry-After` asks to wait. It gives seconds or a date (RFC 9110,
 * section 10.2.3); anything else is `undefined`.
 */
export function parseRetryAfter(value: string | undefined, nowMs: number): number | undefined {
  if (value === undefined) return undefined;
  if (/^\s*\d+\s*$/.test(value)) return clamp(Number(value) * 1000, MAX_WAIT_MS);
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : clamp(date - nowMs, MAX_WAIT_MS);
}
