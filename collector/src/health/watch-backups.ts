import { oneAtATime } from '../one-at-a-time.js';
import type { ErasureKeeper } from '../erasures/erasure-keeper.js';
import { PROBE_MS } from './conditions.js';
import type { BackupsKnown } from './examine-backups.js';

export interface BackupsWatchParts {
  readonly erasures: Pick<ErasureKeeper, 'inspect' | 'state'>;
  /** The moments of the last backups, in milliseconds since 1970. */
  readonly readLast: () => Promise<readonly number[]>;
}

/**
 * Creates what looks at the folders of backups. While a disk does not answer, it tells what is known
 * without it.
 */
export function watchBackups({
  erasures,
  readLast,
}: BackupsWatchParts): () => Promise<BackupsKnown> {
  let last: readonly number[] = [];
  const look = oneAtATime(async () => {
    last = await readLast();
    await erasures.inspect();
  }, PROBE_MS);
  return async () => {
    await look();
    return { ...erasures.state, last };
  };
}
