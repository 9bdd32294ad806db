import type { StatusWarning } from '../../api.js';
import { OBSTACLES } from '../../delivery/obstacles.js';
import type { ExitWay } from './exit-way.js';

/** Tells an app's author if the reports of a program that ends at once are not sent after its end. */
export function exitWarnings({ obstacle, canWait, mayEndEarly }: ExitWay): StatusWarning[] {
  const waiting =
    'reports of a program that ends at once wait for close(), or for a run that lasts';
  const budget = 'The option exitBudgetMs lets its exit send.';
  if (mayEndEarly) {
    const text = `The process that sends at exit may end with this container before it has sent: then ${waiting}. ${budget}`;
    return [{ reason: 'may-end-early', text }];
  }
  if (!obstacle || canWait) return [];
  const isPointless = obstacle === 'own-storage' || obstacle === 'no-sender';
  const instead = isPointless ? '' : ` ${budget}`;
  const text = `No process can be started at exit (${OBSTACLES[obstacle].text}): ${waiting}.${instead}`;
  return [{ reason: 'waits-for-close', text }];
}
