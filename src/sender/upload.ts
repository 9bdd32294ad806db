import type { Endpoint } from '../project/endpoint.js';
import { MAX_BATCH_REPORTS, type Report, type ReportBatch } from '../wire/report.js';
import type { Post, Retries } from './post.js';
import type { Delivered, Outcome } from './segments.js';
import type { Delivery } from './verdict.js';

/** The most bytes of one request, before compression. */
const MAX_REQUEST_BYTES = 256 * 1024;

/** What delivering takes beside the reports. */
export interface DeliverParts extends Retries {
  readonly endpoint: Endpoint;
  /** The app's version: a collector that wants nothing of it says nothing about others. */
  readonly version: string;
  readonly post: Post;
  readonly now: () => number;
  /** Told of each request that was accepted. */
  readonly onAccepted?: (body: string) => void;
}

/**
 * Sends reports in the form the endpoint wants: many in one request, or one by one to collectors of
 * the first generation. What is too large is halved. After the first failure the rest is not tried.
 */
export async function deliver(reports: readonly Report[], parts: DeliverParts): Promise<Delivered> {
  const outcomes: Outcome[] = [];
  const waiting = requestsOf(reports, parts.endpoint);
  for (let part = waiting.shift(); part; part = waiting.shift()) {
    if (!(await parts.mayGoOn())) {
      return { outcomes: [...outcomes, ...[part, ...waiting].flat().map((): Outcome => 'queued')] };
    }
    const body = requestBody(part, parts.endpoint, parts.now());
    const delivery = await parts.post(body, part.length, parts);
    if (delivery.kind === 'too-large' && part.length > 1) {
      const half = Math.ceil(part.length / 2);
      waiting.unshift(part.slice(0, half), part.slice(half));
      continue;
    }
    if (delivery.kind === 'retired') {
      outcomes.push(...retiredOutcomes([part, ...waiting].flat(), parts.version));
      return { outcomes, isRetired: true };
    }
    outcomes.push(...outcomesOf(delivery, part.length));
    if (delivery.kind === 'accepted') parts.onAccepted?.(body);
    if (delivery.kind !== 'retry') continue;
    outcomes.push(...waiting.flat().map((): Outcome => 'queued'));
    const { error, retryAfterMs } = delivery;
    return { outcomes, error, ...(retryAfterMs !== undefined && { retryAfterMs }) };
  }
  const isLeft = outcomes.includes('queued');
  return { outcomes, ...(isLeft && { error: 'the collector asked for some reports again' }) };
}

/** The exact text of a request. */
export function requestBody(reports: readonly Report[], endpoint: Endpoint, nowMs: number): string {
  if (endpoint.form === 'single') return JSON.stringify(reports[0]);
  const batch: ReportBatch = { sent_at: new Date(nowMs).toISOString(), reports };
  return JSON.stringify(batch);
}

/** Reports in parts of one request each. */
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

/**
 * What becomes of reports where the collector wants nothing of a version: those of others, whose
 * endpoint may be another one, wait for a sender of theirs.
 */
export const retiredOutcomes = (reports: readonly Report[], version: string): Outcome[] =>
  reports.map(({ info }) => (info.version === version ? 'retired' : 'queued'));

function outcomesOf(delivery: Exclude<Delivery, { kind: 'retired' }>, reports: number): Outcome[] {
  const all = (outcome: Outcome): Outcome[] => Array<Outcome>(reports).fill(outcome);
  switch (delivery.kind) {
    case 'retry':
      return all('queued');
    case 'too-large':
      return all('too-large');
    case 'refused':
    case 'unsupported-encoding':
      return all('refused');
    case 'accepted': {
      const outcomes = all('sent');
      for (const { index, retry } of delivery.rejected) {
        outcomes[index] = retry ? 'queued' : 'refused';
      }
      return outcomes;
    }
  }
}
