import type { Report, ReportInfo, Verdict } from '../wire/report.js';
import { machine } from './platform/machine.js';

/** A report without the facts that are not known at the edge. */
export interface EdgeReport extends Omit<Report, 'info'> {
  readonly info: Partial<ReportInfo>;
}

/** What has become of a batch. What is neither accepted nor sent again was refused. */
interface Posted {
  readonly accepted: number;
  readonly again: readonly EdgeReport[];
  /** How long the collector asks to wait. */
  readonly askedMs: number;
  /** The collector's, or 0. */
  readonly status: number;
  readonly error: string | undefined;
}

export const DAY_MS = 86_400_000;
export const RETIRED = 410;
export const TOO_LARGE = 413;
const TIMEOUT_MS = 10_000;
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
      body: JSON.stringify({ sent_at: isoTime(machine.now()), reports }),
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    ({ status } = response);
    error = `HTTP ${status}`;
    const header = (name: string): string => response.headers.get(name) ?? '';
    askedMs = readWait(header('retry-after'));
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
  return { accepted, again, askedMs, status, error };
}

/** The members of a problem that tell it from those of others. */
interface Problem {
  readonly type: string;
  readonly status: number;
}

/** `Retry-After`: seconds, or a date. */
function readWait(text: string): number {
  const ms = /^\d+$/.test(text) ? Number(text) * 1_000 : Date.parse(text) - machine.now();
  return Math.min(DAY_MS, Math.max(0, ms || 0));
}
