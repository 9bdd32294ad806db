import { isRecord } from '../is-record.js';
import { readRetryAfter } from '../read-retry-after.js';
import type { UpstreamAnswer } from './upstream.js';

/** What happens to one report of a batch. */
export type ReportVerdict =
  | { readonly kind: 'counted' }
  /** It would be refused again. */
  | { readonly kind: 'refused'; readonly code: string }
  /** It may be taken later. */
  | { readonly kind: 'later'; readonly code: string };

/** What an answer means for a batch. */
export type Verdict =
  | {
      readonly kind: 'told';
      /** In the order of the batch. */
      readonly reports: readonly ReportVerdict[];
      readonly retryAfterMs: number | undefined;
    }
  /** Smaller batches may be taken, or all but the reports at fault. */
  | { readonly kind: 'divide' }
  /** Nothing is known of the reports. They are kept. */
  | {
      readonly kind: 'failed';
      readonly reason: string;
      readonly retryAfterMs: number | undefined;
      /** Whether one of the reports may be the cause. */
      readonly isSuspect: boolean;
      /** Whether they came back to a relay. Others may go another way. */
      readonly isLoop?: boolean;
    };

/** Problems that a report has itself. All others are of the way, of the collector, or of `--to`. */
const FAULTS: ReadonlySet<string> = new Set([
  ...['not_json', 'corrupt_body', 'forbidden_key', 'too_large', 'too_complex'],
  ...['missing_field', 'wrong_type', 'out_of_bounds', 'nul_character'],
  ...['key_required', 'key_wrong', 'project_closed'],
]);

/** What proxies answer whatever is in the request. */
const OF_THE_WAY: ReadonlySet<number> = new Set([401, 404, 405, 407, 408, 421, 425, 429]);

const COUNTED: ReportVerdict = { kind: 'counted' };

/**
 * Reads an answer as docs/protocol.md says, but more strictly where a client may lose a report that it
 * can make again: what was acknowledged here is given up only if a collector names its fault.
 */
export function readVerdict(
  { status, headers, body }: UpstreamAnswer,
  sent: number,
  now: number,
): Verdict {
  const retryAfterMs = readRetryAfter(headers['retry-after'], now);
  const failed = (reason: string, isSuspect = false): Verdict & { kind: 'failed' } => ({
    ...{ kind: 'failed', reason, retryAfterMs, isSuspect },
  });
  const answer = parse(body);
  const rejected = readRejected(answer?.['rejected'], sent);
  if (status >= 200 && status < 300) {
    const isWhole = rejected !== undefined && answer?.['accepted'] === sent - rejected.size;
    if (!isWhole) return failed(`it answered ${status}, but not as a collector does`);
    return { kind: 'told', reports: spread(rejected, sent), retryAfterMs };
  }
  const code = readProblem(answer, status);
  if (code !== undefined && rejected?.size === sent) {
    return { kind: 'told', reports: spread(rejected, sent), retryAfterMs };
  }
  if (code !== undefined && FAULTS.has(code)) {
    if (sent > 1) return { kind: 'divide' };
    return { kind: 'told', reports: [{ kind: 'refused', code }], retryAfterMs };
  }
  if (code === 'loop_detected') {
    return {
      ...failed(`it answered ${status} (${code}): the way of --to leads in a circle`),
      isLoop: true,
    };
  }
  if (status === 413 && sent > 1) return { kind: 'divide' };
  const told = code === undefined ? `it answered ${status}` : `it answered ${status} (${code})`;
  if (status >= 300 && status < 400) return failed(`${told}, and redirects are not followed`);
  if (status === 404 || status === 405) return failed(`${told}: --to must be a collector’s URL`);
  // Of a report that it cannot digest, a collector says no more than that; and a firewall on the way
  // that dislikes what is in a report answers with a page.
  const isOfFirewall = code === undefined && status >= 400 && status < 500;
  return failed(told, status === 500 || (isOfFirewall && !OF_THE_WAY.has(status)));
}

function parse(body: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined; // a page of a proxy, or a cut answer
  }
}

/** The code of a problem of a collector; pages of proxies have none. */
function readProblem(
  answer: Readonly<Record<string, unknown>> | undefined,
  status: number,
): string | undefined {
  const type = answer?.['type'];
  const [, code] = /^urn:headcount:problem:([a-z_]+)$/.exec(String(type)) ?? [];
  return answer?.['status'] === status ? code : undefined;
}

/** The rejected reports by their places; `undefined` if they cannot be told. */
function readRejected(
  value: unknown,
  sent: number,
): ReadonlyMap<number, ReportVerdict> | undefined {
  if (!Array.isArray(value)) return undefined;
  const found = new Map<number, ReportVerdict>();
  for (const one of value as readonly unknown[]) {
    if (!isRecord(one)) return undefined;
    const { index, code, retry } = one;
    const isPlace = Number.isInteger(index) && Number(index) >= 0 && Number(index) < sent;
    if (!isPlace || typeof code !== 'string') return undefined;
    const word = /^[a-z_]{1,64}$/.test(code) ? code : 'other';
    found.set(Number(index), { kind: retry === true ? 'later' : 'refused', code: word });
  }
  return found;
}

const spread = (rejected: ReadonlyMap<number, ReportVerdict>, sent: number): ReportVerdict[] =>
  Array.from({ length: sent }, (_, index) => rejected.get(index) ?? COUNTED);
