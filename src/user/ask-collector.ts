import { problemOf } from '../delivery/exchange.js';
import type { Failed } from './answers.js';
import { userUrl } from './collector-url.js';
import type { TaskParts } from './task-parts.js';

/** A collector's answer about one user, or why there is none. */
export async function askCollector(
  method: 'GET' | 'DELETE',
  anonymousId: string,
  { job, exchange }: TaskParts,
): Promise<{ readonly done: true; readonly data: unknown } | Failed> {
  const url = userUrl(job.endpoint, anonymousId, job.project);
  const { origin } = new URL(url);
  const failed = (cause: string): Failed => ({ done: false, cause });
  try {
    const headers = { accept: 'application/json', 'user-agent': job.userAgent };
    const { status, body } = await exchange({ url, method, headers });
    if (status === 404 || status === 405 || status === 501) {
      return failed(`the collector at ${origin} cannot do this (${status}); ask who runs it`);
    }
    if (status < 200 || status > 299) return failed(`the collector at ${origin} said ${status}`);
    return { done: true, data: JSON.parse(body) as unknown };
  } catch (error) {
    const why = error instanceof SyntaxError ? 'its answer is no JSON' : problemOf(error);
    return failed(`the collector at ${origin} could not be asked: ${why}`);
  }
}
