import type { Asked } from '../gather.js';
import { shownOf, tryPart } from '../try-part.js';
import type { BreakdownAnswer } from './answers.js';
import { daysAfter } from './days.js';
import type { Shares } from './find-share-changes.js';

const WINDOW_DAYS = 28;

/**
 * Asks for the people by a dimension in the 28 days up to a day, and in those before.
 *
 * @returns `undefined` if the caller may not see them, or they cannot be counted.
 */
export async function askShares(
  { want }: Pick<Asked, 'want'>,
  dimension: string,
  last: string,
): Promise<Shares | undefined> {
  const ask = (to: string) =>
    tryPart(
      want<BreakdownAnswer>('/v1/stats/breakdown', {
        ...{ dimension, metric: 'people', window: `${WINDOW_DAYS}d`, to },
      }),
    );
  const [now, before] = await Promise.all([ask(last), ask(daysAfter(last, -WINDOW_DAYS))]);
  const shares = { now: shownOf(now), before: shownOf(before) };
  return shares.now === undefined || shares.before === undefined
    ? undefined
    : { now: shares.now, before: shares.before };
}
