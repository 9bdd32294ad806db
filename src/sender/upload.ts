import type { SenderJob } from '../delivery/protocol.js';
import type { DropReason } from '../drop-reasons.js';
import { LAST_REQUEST } from '../file-names.js';
import type { Files } from '../platform/platform.js';
import type { Endpoint } from '../project/endpoint.js';
import { MAX_BATCH_REPORTS, type Report, type ReportBatch } from '../wire/report.js';
import { post, type PostParts } from './post.js';
import type { Verdict } from './verdict.js';

/** The most bytes of one request, before compression. */
const MAX_REQUEST_BYTES = 256 * 1024;

/** What became of one report: acknowledged, still to be sent, or dropped for a reason. */
export type Outcome = 'sent' | 'queued' | DropReason;

/** The result of {@link upload}. */
export interface UploadResult {
  /** The outcome of each report, in their order. */
  readonly outcomes: readonly Outcome[];
  /** Why sending stops here. */
  readonly error?: string;
  /** How long the collector asks senders to wait. */
  readonly retryAfterMs?: number;
  /** The collector takes no more reports of this version of the app. */
  readonly isRetired?: true;
}

/** What uploading takes beside the reports. */
export interface UploadParts extends PostParts {
  readonly job: Pick<SenderJob, 'endpoint' | 'project' | 'version' | 'folders'>;
  /** Where the last request is kept, for the user to look at. */
  readonly files: Pick<Files, 'replace'>;
  /** The collector has retired this version: its reports are dropped, and nothing is sent. */
  readonly isRetired: boolean;
}

/**
 * Sends reports in the form that the endpoint takes: many in one request, or one by one to a
 * first-generation collector. Halves what is too large. Stops at the first failure. Never rejects.
 */
export async function upload(
  reports: readonly Report[],
  parts: UploadParts,
): Promise<UploadResult> {
  const { job, clock } = parts;
  if (parts.isRetired) return { outcomes: retiredOutcomes(reports, job.version) };
  const outcomes: Outcome[] = [];
  const waiting = requestsOf(reports, job.endpoint);
  let askedMs: number | undefined;
  for (let part = waiting.shift(); part; part = waiting.shift()) {
    if (!(await parts.mayGoOn())) {
      return { outcomes: [...outcomes, ...[part, ...waiting].flat().map((): Outcome => 'queued')] };
    }
    const body = requestBody(part, job.endpoint, clock.now());
    const verdict = await post(body, part.length, parts);
    if (verdict.kind === 'too-large' && part.length > 1) {
      const half = Math.ceil(part.length / 2);
      waiting.unshift(part.slice(0, half), part.slice(half));
      continue;
    }
    if (verdict.kind === 'retired') {
      outcomes.push(...retiredOutcomes([part, ...waiting].flat(), job.version));
      return { outcomes, isRetired: true };
    }
    outcomes.push(...outcomesOf(verdict, part.length));
    if (verdict.kind === 'accepted') keepRequest(body, parts);
    if ('retryAfterMs' in verdict) askedMs = Math.max(askedMs ?? 0, verdict.retryAfterMs ?? 0);
    if (verdict.kind !== 'retry') continue;
    outcomes.push(...waiting.flat().map((): Outcome => 'queued'));
    return withWait({ outcomes, error: verdict.error }, askedMs);
  }
  if (!outcomes.includes('queued')) return { outcomes };
  return withWait({ outcomes, error: 'the collector asked for some reports again' }, askedMs);
}

const withWait = (result: UploadResult, retryAfterMs: number | undefined): UploadResult =>
  retryAfterMs === undefined ? result : { ...result, retryAfterMs };

/** The exact text of a request. */
export function requestBody(reports: readonly Report[], endpoint: Endpoint, nowMs: number): string {
  if (endpoint.form === 'single') return JSON.stringify(reports[0]);
  const batch: ReportBatch = { sent_at: new Date(nowMs).toISOString(), reports };
  return JSON.stringify(batch);
}

/** Splits reports into requests. */
export function requestsOf(reports: readonly Report[], { form }: Endpoint): Report[][] {
  if (form === 'single') return reports.map((report) => [report]);
  const parts: Report[][] = [];
  let bytes = Infinity;
  for (const report of reports) {
    const size = JSON.stringify(report).length;
    const last = parts.at(-1);
    if (last && last.length < MAX_BATCH_REPORTS && bytes + size <= MAX_REQUEST_BYTES) {
      last.push(report);
      bytes += size;
    } else {
      parts.push([report]);
      bytes = size;
    }
  }
  return parts;
}

/** Drops reports of the retired version. Reports of others stay for a sender of that version. */
const retiredOutcomes = (reports: readonly Report[], version: string): Outcome[] =>
  reports.map(({ info }) => (info.version === version ? 'retired' : 'queued'));

function outcomesOf(verdict: Exclude<Verdict, { kind: 'retired' }>, reports: number): Outcome[] {
  const all = (outcome: Outcome): Outcome[] => Array<Outcome>(reports).fill(outcome);
  switch (verdict.kind) {
    case 'retry':
      return all('queued');
    case 'too-large':
      return all('too-large');
    case 'refused':
    case 'unsupported-encoding':
      return all('refused');
    case 'accepted': {
      const outcomes = all('sent');
      for (const { index, retry } of verdict.rejected) {
        outcomes[index] = retry ? 'queued' : 'refused';
      }
      return outcomes;
    }
  }
}

/** Keeps an accepted request for `show`. If the disk refuses it, `show` has none to print. */
function keepRequest(body: string, { files, job: { folders } }: UploadParts): void {
  try {
    if (folders) files.replace(`${folders.state}/${LAST_REQUEST}`, body);
  } catch {
    return;
  }
}
