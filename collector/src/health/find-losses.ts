import { dayOf, DEFAULT_ZONE } from '../rules/day.js';
import type { StoreReader } from '../store/store.js';
import { reasonOf, told } from './causes.js';
import type { Finding } from './conditions.js';

/** Days for which health tells of losses. */
const TOLD_DAYS = 7;

/**
 * What restores have lost of late.
 *
 * @returns Without a reason if nothing was lost.
 */
async function findLosses(store: Pick<StoreReader, 'quality'>, now: Date): Promise<Finding> {
  const to = dayOf(now.getTime(), DEFAULT_ZONE);
  const { lost_in_restore: known = 0, unknown_losses: unknown = 0 } = await store.quality({
    ...{ project: null, from: to - TOLD_DAYS, to },
  });
  const days = `a restore in the last ${TOLD_DAYS} days`;
  return reasonOf([
    ...(known > 0
      ? [
          told(
            'restore_lost',
            `After ${days}, ${known} acknowledged entries are not in the counts.`,
            { entries: known },
          ),
        ]
      : []),
    ...(unknown > 0
      ? [
          told(
            'restore_lost_unknown',
            `After ${days}, an unknown number of acknowledged reports may be missing.`,
          ),
        ]
      : []),
  ]);
}

/** How long what was found is told again, in milliseconds. */
const TOLD_AGAIN_MS = 60 * 60 * 1000;

/** Asks for losses once an hour, and knows them meanwhile. */
export function createLossesWatch(
  store: Pick<StoreReader, 'quality'>,
  { now, monotonicMs }: { readonly now: () => Date; readonly monotonicMs: () => number },
): () => Promise<Finding> {
  let known: { readonly atMs: number; readonly losses: Finding } | undefined;
  return async () => {
    if (known !== undefined && monotonicMs() - known.atMs < TOLD_AGAIN_MS) return known.losses;
    const losses = await findLosses(store, now());
    known = { atMs: monotonicMs(), losses };
    return losses;
  };
}
