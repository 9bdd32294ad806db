import { isRecord } from '../type-guards.js';
import type { RejectedReport } from '../wire/report.js';

/** What a response means for the reports of its request. */
export type Delivery =
  /** On the collector's disk, but for the ones it names. */
  | { readonly kind: 'accepted'; readonly rejected: readonly RejectedReport[] }
  /** May work later; not before `retryAfterMs` where the collector asks for that. */
  | { readonly kind: 'retry'; readonly error: string; readonly retryAfterMs?: number }
  /** May work in smaller parts. */
  | { readonly kind: 'too-large' }
  /** May work without compression. */
  | { readonly kind: 'unsupported-encoding' }
  /** Will never work. */
  | { readonly kind: 'refused'; readonly error: string }
  /** The collector wants nothing of this version of the app any more. */
  | { readonly kind: 'retired' };

/** A response, as far as it matters. */
export interface ReceivedResponse {
  readonly status: number;
  readonly body: string;
  readonly retryAfterMs?: number;
}

/** What was sent. */
export interface SentRequest {
  readonly reports: number;
  readonly isCompressed: boolean;
}

/**
 * Reads a response. Network trouble, 408, 429 and 5xx are for later, and so are 407, which a proxy
 * says and not the collector, and every redirect: none is followed. 410 stops this version for good; 413 asks for smaller parts; 501, 505 and other
 * 4xx are final. A 2xx may name reports it refused; a body that names none, of a collector of the
 * first generation for example, accepts them all.
 */
export function readResponse(
  { status, body, retryAfterMs }: ReceivedResponse,
  { reports, isCompressed }: SentRequest,
): Delivery {
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
 * How long a `Retry-After` asks to wait, in milliseconds: it gives seconds or a date (RFC 9110,
 * section 10.2.3). `undefined` for anything else.
 */
export function parseRetryAfter(value: string | undefined, nowMs: number): number | undefined {
  if (value === undefined) return undefined;
  if (/^\s*\d{1,9}\s*$/.test(value)) return Number(value) * 1000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - nowMs);
}
