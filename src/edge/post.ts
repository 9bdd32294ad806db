import type { Report, ReportInfo, Verdict } from '../wire/report.js';
import { DAY_MS, REQUEST_TIMEOUT_MS } from './limits.js';
import { now } from './platform/machine.js';

/** A report without the facts that are not known at the edge. */
export interface EdgeReport extends Omit<Report, 'info'> {
  readonly info: Partial<ReportInfo>;
}

/** What has become of a batch. What is neither accepted nor sent again was refused. */
type Posted = readonly [
  accepted: number,
  again: readonly EdgeReport[],
  /** How long the collector asks to wait. */
  askedMs: number,
  /** The collector's, or 0. */
  status: number,
  error: string | undefined,
];

/** Refusals of a moment, not of a report. */
const NOT_NOW = [407, 408, 425, 429];

export const isoTime = (ms: number): string => new Date(ms).toISOString();

/** Posts a batch. Only an answer of a collector drops a report. */
export async function post(
  send: typeof fetch,
  url: string,
  reports: readonly EdgeReport[],
): Promise<Posted> {
  let accepted = 0;
  let again = reports;
  let askedMs = 0;
  let status = 0;
  let error: string | undefined;
  try {
    const response = await send(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ sent_at: isoTime(now()), reports }),
      redirect: 'manual',
      signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
    });
    ({ status } = response);
    error = `HTTP ${status}`;
    const header = (name: string): string => response.headers.get(name) ?? '';
    const wait = header('retry-after'); // seconds, or a date
    askedMs = Math.min(DAY_MS, Math.max(0, Number(wait) * 1_000 || Date.parse(wait) - now() || 0));
    const type = header('content-type');
    const answer = JSON.parse((await response.text()) || '{}') as Partial<Verdict & Problem>;
    if (response.ok && !type.includes('html')) {
      const rejected = (answer.rejected ?? []).filter(({ index }) => reports[index]);
      again = rejected.flatMap(({ retry, index }) => (retry && reports[index]) || []);
      accepted = reports.length - rejected.length;
      error = undefined;
    } else if (
      status < 500 &&
      !NOT_NOW.includes(status) &&
      type.includes('problem+json') &&
      answer.type?.startsWith('urn:headcount:problem:') &&
      answer.status === status
    ) {
      again = [];
    }
  } catch (reason) {
    error ??= String(reason);
  }
  return [accepted, again, askedMs, status, error];
}

/** The members of a problem that tell it from those of others. */
interface Problem {
  readonly type: string;
  readonly status: number;
}
