import type { RejectedReport } from '../wire/report.js';

/** What a response means for the reports of its request. */
export type Delivery =
  /** On the collector's disk, but for the ones it names. */
  | { readonly kind: 'accepted'; readonly rejected: readonly RejectedReport[] }
  /** May work later. */
  | { readonly kind: 'retry'; readonly problem: string }
  /** Will never work. */
  | { readonly kind: 'refused'; readonly problem: string };

/**
 * Reads a response. Network trouble, 408, 429 and 5xx are for later, and so is every redirect:
 * none is followed. 501, 505 and other 4xx are final. A 2xx may name reports it refused; a body
 * that names none, of a collector of the first generation for example, accepts them all.
 */
export function readResponse(status: number, body: string, reports: number): Delivery {
  if (status >= 200 && status < 300) {
    return { kind: 'accepted', rejected: rejectedIn(body, reports) };
  }
  const problem = `the collector answered ${status}`;
  const isFinal = (status >= 400 && status < 500) || status === 501 || status === 505;
  const mayWorkLater = status === 408 || status === 429;
  return { kind: isFinal && !mayWorkLater ? 'refused' : 'retry', problem };
}

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
    if (!isRecord(entry) || typeof entry['index'] !== 'number') return [];
    if (!Number.isInteger(entry['index']) || entry['index'] < 0 || entry['index'] >= reports) {
      return [];
    }
    const { index, code, path, retry } = entry;
    return [{ index, code: String(code), path: String(path), retry: retry === true }];
  });
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;
