import { dayOf, DEFAULT_ZONE } from '../rules/day.js';
import type { StoreWriter } from '../store/store.js';

/** What is lost with the disk of another node. */
export interface Losses {
  readonly journal: string;
  /** Reports that were known to wait in its journal. */
  readonly reports: number;
  /** The moment up to which everything else of it is counted, in milliseconds since 1970. */
  readonly since: number;
  /** The moment whose day the losses count for, in milliseconds since 1970. */
  readonly at: number;
}

/**
 * Counts losses, each once: the reports that are known, and that there may be more, since a node is not
 * seen between its last sign and its end.
 */
export function recordLosses(
  store: Pick<StoreWriter, 'apply'>,
  { journal, reports, since, at }: Losses,
): Promise<void> | void {
  const of = { project: null, day: dayOf(at, DEFAULT_ZONE) };
  const known = { ...of, kind: 'lost_in_restore' as const, count: reports };
  const unknown = { ...of, kind: 'unknown_losses' as const, count: 1 };
  return store.apply({
    ...{ journalId: `lost:${journal}:${since}`, after: 0, upTo: 1 },
    ...{ reports: [], deletions: [], appliedAt: null },
    quality: reports > 0 ? [known, unknown] : [unknown],
  });
}
