import type { Report, ReportBatch } from '../wire/report.js';
import { MAX_BATCH_REPORTS } from '../wire/report.js';
import type { Endpoint } from '../project/endpoint.js';
import type { Post } from './post.js';
import type { Delivery } from './response.js';
import type { Outcome } from './send-outbox.js';

/** The outcome of each report, in their order. */
export interface Delivered {
  readonly outcomes: readonly Outcome[];
  readonly problem?: string;
}

/**
 * Sends reports in the form the endpoint wants: many in one request, or one by one to collectors of
 * the first generation. After the first failure the rest is not tried.
 */
export async function deliver(
  reports: readonly Report[],
  endpoint: Endpoint,
  post: Post,
  now: () => number,
): Promise<Delivered> {
  const size = endpoint.form === 'batch' ? MAX_BATCH_REPORTS : 1;
  const outcomes: Outcome[] = [];
  for (let start = 0; start < reports.length; start += size) {
    const part = reports.slice(start, start + size);
    const delivery = await post(requestBody(part, endpoint, now()), part.length);
    outcomes.push(...outcomesOf(delivery, part.length));
    if (delivery.kind === 'retry') {
      const untried: Outcome[] = reports.slice(start + size).map(() => 'kept');
      return { outcomes: [...outcomes, ...untried], problem: delivery.problem };
    }
  }
  const isLeft = outcomes.includes('kept');
  return { outcomes, ...(isLeft && { problem: 'the collector asked for some reports again' }) };
}

/** The exact bytes of a request. */
export function requestBody(reports: readonly Report[], endpoint: Endpoint, nowMs: number): string {
  if (endpoint.form === 'single') return JSON.stringify(reports[0]);
  const batch: ReportBatch = { sent_at: new Date(nowMs).toISOString(), reports };
  return JSON.stringify(batch);
}

function outcomesOf(delivery: Delivery, reports: number): Outcome[] {
  if (delivery.kind === 'retry') return Array<Outcome>(reports).fill('kept');
  if (delivery.kind === 'refused') return Array<Outcome>(reports).fill('refused');
  const outcomes = Array<Outcome>(reports).fill('sent');
  for (const { index, retry } of delivery.rejected) outcomes[index] = retry ? 'kept' : 'refused';
  return outcomes;
}
