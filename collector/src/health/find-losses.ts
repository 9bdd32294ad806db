import { dayOf, DEFAULT_ZONE } from '../rules/day.js';
import type { GoneNode, Nodes } from '../store/shared-store.js';
import type { StoreReader } from '../store/store.js';
import { reasonOf, told, type ToldCause } from './causes.js';
import type { Finding } from './conditions.js';

/** Days for which health tells of losses. */
const TOLD_DAYS = 7;

/** What restores, and collectors that are gone for good, have lost of late. */
async function findLosses(
  store: Pick<StoreReader, 'quality'>,
  now: Date,
): Promise<readonly ToldCause[]> {
  const to = dayOf(now.getTime(), DEFAULT_ZONE);
  const { lost_in_restore: known = 0, unknown_losses: unknown = 0 } = await store.quality({
    ...{ project: null, from: to - TOLD_DAYS, to },
  });
  const days = `a restore or the loss of a collector in the last ${TOLD_DAYS} days`;
  return [
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
  ];
}

/** How long what was found is told again, in milliseconds. */
const TOLD_AGAIN_MS = 60 * 60 * 1000;

/** Acknowledged entries that are missing as long as their collector is gone. */
const describeGone = ({ host, journal, reports, since }: GoneNode): ToldCause => {
  const moment = since.toISOString();
  return told(
    'collector_gone',
    `The collector on ${host} is gone with its journal ${journal}: what it acknowledged after ` +
      `${moment} may not be counted; ${reports} reports waited when it was last seen.`,
    { host, journal, reports, since: moment },
  );
};

interface Known {
  readonly losses: readonly ToldCause[];
  readonly atMs: number;
  /** How many collectors were gone. */
  readonly gone: number;
}

export interface LossesWatchOptions {
  readonly now: () => Date;
  readonly monotonicMs: () => number;
  readonly nodes: Pick<Nodes, 'gone'>;
}

/** Asks for losses once an hour, and when a collector has gone, is back or was given up. */
export function createLossesWatch(
  store: Pick<StoreReader, 'quality'>,
  { now, monotonicMs, nodes }: LossesWatchOptions,
): () => Promise<Finding> {
  let known: Known | undefined;
  const isOld = ({ atMs, gone }: Known): boolean =>
    monotonicMs() - atMs >= TOLD_AGAIN_MS || gone !== nodes.gone.length;
  return async () => {
    if (known === undefined || isOld(known)) {
      const gone = nodes.gone.length;
      known = { losses: await findLosses(store, now()), atMs: monotonicMs(), gone };
    }
    return reasonOf([...nodes.gone.map(describeGone), ...known.losses]);
  };
}
