import { MAX_BATCH_REPORTS } from 'headcount/wire';
import { ProblemError } from '../errors.js';

/** The reports of a body, not yet checked. */
export interface ReportBatchInput {
  readonly reports: readonly unknown[];
  readonly sentAt?: string;
}

/**
 * Tells one report from a batch.
 *
 * @throws `ProblemError` naming the field, if it is a batch that cannot be read.
 */
export function readBatch(body: object): ReportBatchInput {
  if (!('reports' in body)) return { reports: [body] };
  const { reports } = body;
  if (!Array.isArray(reports)) {
    throw new ProblemError('wrong_type', 'The field must be array.', { path: '/reports' });
  }
  if (reports.length === 0 || reports.length > MAX_BATCH_REPORTS) {
    throw new ProblemError(
      'out_of_bounds',
      `A batch has 1 to ${MAX_BATCH_REPORTS} reports; this one has ${reports.length}.`,
      { path: '/reports' },
    );
  }
  if (!('sent_at' in body)) return { reports };
  const sentAt = body.sent_at;
  if (typeof sentAt !== 'string') {
    throw new ProblemError('wrong_type', 'The field must be string.', { path: '/sent_at' });
  }
  return { reports, sentAt };
}
