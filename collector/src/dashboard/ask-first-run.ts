import type { FirstRunContent } from '../../web/page/first-run-content.js';
import type { SummaryAnswer } from '../stats/summary.js';
import type { Asked } from './gather.js';
import { shownOf, tryPart } from './try-part.js';

/**
 * Asks whether a project waits for its first report.
 *
 * @returns `undefined` if it has reports, or nobody knows.
 */
export async function askFirstRun({
  project,
  want,
  ask,
}: Pick<Asked, 'project' | 'want' | 'ask'>): Promise<FirstRunContent | undefined> {
  const [summary, health] = await Promise.all([
    tryPart(want<SummaryAnswer>('/v1/stats/summary')),
    ask('/health'),
  ]);
  if (shownOf(summary)?.total_reports !== 0) return undefined;
  return { page: 'first-run', project, isHealthy: health.ok };
}
