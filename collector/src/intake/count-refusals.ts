import type { onErrorHookHandler } from 'fastify';
import { codeOf } from '../error-handler.js';
import type { Refusals } from './refusals.js';
import { RefusedReportsError } from './to-problem-error.js';

/** A hook of the routes that take reports: counts requests that were refused as a whole. */
export function countRefusals(refusals: Pick<Refusals, 'add'>): onErrorHookHandler {
  return (_request, _reply, error, done) => {
    // The intake has counted each of these reports.
    if (!(error instanceof RefusedReportsError)) refusals.add(codeOf(error));
    done();
  };
}
