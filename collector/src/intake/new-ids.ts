import type { ReportEntry } from '../journal/journal-entry.js';
import { dayOf } from '../rules/day.js';
import { resolveInstant } from '../rules/instant.js';
import { createSeenIds } from './seen-ids.js';

/** A user, as the store knows it. */
interface User {
  readonly project: string;
  readonly uid: Uint8Array;
}

/** Finds the IDs that are new to the collector. */
export interface NewIds {
  /**
   * How much of the limits of new IDs the reports need, by project. A new ID whose first report
   * counts for an earlier day needs {@link LATE_COST}, since nobody looks at those days any more.
   */
  count(entries: readonly ReportEntry[]): Promise<ReadonlyMap<string, number>>;
  /** The reports are taken: their IDs are new no more. */
  add(entries: readonly ReportEntry[]): void;
}

/** What a new ID whose first report counts for an earlier day takes of the limits. */
export const LATE_COST = 20;

/**
 * Creates the search for new IDs.
 *
 * @param areKnown - Asks the store, which knows all that was counted.
 */
export function createNewIds(
  areKnown: (users: readonly User[]) => Promise<readonly boolean[]>,
): NewIds {
  // Most reports are of IDs seen before: they need not wait for the store.
  const seen = createSeenIds();
  return {
    count: async (entries) => {
      const fresh = new Map<string, { readonly user: User; cost: number }>();
      for (const entry of entries) {
        if (seen.has(entry.uid)) continue;
        const key = entry.uid.toString('latin1');
        const cost = isLate(entry) ? LATE_COST : 1;
        const known = fresh.get(key);
        if (known === undefined) fresh.set(key, { user: entry, cost });
        else known.cost = Math.max(known.cost, cost);
      }
      const costs = new Map<string, number>();
      if (fresh.size === 0) return costs;
      const all = [...fresh.values()];
      const known = await areKnown(all.map(({ user: { project, uid } }) => ({ project, uid })));
      for (const [at, { user, cost }] of all.entries()) {
        if (known[at] === true) continue;
        costs.set(user.project, (costs.get(user.project) ?? 0) + cost);
      }
      return costs;
    },
    add: (entries) => {
      for (const { uid } of entries) seen.add(uid);
    },
  };
}

function isLate(entry: ReportEntry): boolean {
  const { at } = resolveInstant(entry);
  return dayOf(at, entry.zone) < dayOf(entry.receivedAt, entry.zone);
}
