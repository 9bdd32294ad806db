import type { ReportEntry } from '../journal/journal-entry.js';
import { dayOf } from '../rules/day.js';
import { resolveInstant } from '../rules/instant.js';
import { createSeenIds } from './seen-ids.js';

/** A user, as the store knows it. */
interface User {
  readonly project: string;
  readonly uid: Uint8Array;
}

/** The IDs of a project that are new to the collector. */
export interface NewIdsOfProject {
  /**
   * How much of the limits of new IDs they need. One whose first report counts for an earlier day
   * needs {@link LATE_COST}, since nobody looks at those days any more.
   */
  readonly cost: number;
  /** Whether a report is of one of them. */
  readonly has: (entry: ReportEntry) => boolean;
}

/** Finds the IDs that are new to the collector. */
export interface NewIds {
  /** The new IDs of reports, by project. */
  find(entries: readonly ReportEntry[]): Promise<ReadonlyMap<string, NewIdsOfProject>>;
  /** The reports are taken: their IDs are new no more. */
  add(entries: readonly ReportEntry[]): void;
}

/** What a new ID whose first report counts for an earlier day takes of the limits. */
export const LATE_COST = 20;

/**
 * Creates the search for new IDs.
 *
 * @param areKnown - Asks the store, which knows all that was counted. While it does not answer, whoever
 *   was not seen before is new: limits hold, and everybody else is taken.
 */
export function createNewIds(
  areKnown: (users: readonly User[]) => Promise<readonly boolean[] | undefined>,
): NewIds {
  // Most reports are of IDs seen before: they need not wait for the store.
  const seen = createSeenIds();
  return {
    find: async (entries) => {
      const fresh = new Map<string, { readonly user: User; cost: number }>();
      for (const entry of entries) {
        if (seen.has(entry.uid)) continue;
        const key = keyOf(entry);
        const cost = isLate(entry) ? LATE_COST : 1;
        const known = fresh.get(key);
        if (known === undefined) fresh.set(key, { user: entry, cost });
        else known.cost = Math.max(known.cost, cost);
      }
      const found = new Map<string, { cost: number; keys: Set<string> }>();
      if (fresh.size > 0) {
        const users = [...fresh.values()].map(({ user: { project, uid } }) => ({ project, uid }));
        const known = await areKnown(users);
        for (const [at, [key, { user, cost }]] of [...fresh].entries()) {
          if (known?.[at] === true) continue;
          const same = found.get(user.project) ?? { cost: 0, keys: new Set() };
          found.set(user.project, { cost: same.cost + cost, keys: same.keys.add(key) });
        }
      }
      return new Map(
        [...found].map(([project, { cost, keys }]) => [
          project,
          { cost, has: (entry) => keys.has(keyOf(entry)) },
        ]),
      );
    },
    add: (entries) => {
      for (const { uid } of entries) seen.add(uid);
    },
  };
}

/** Users' hashes contain their projects. */
const keyOf = ({ uid }: ReportEntry): string => uid.toString('latin1');

function isLate(entry: ReportEntry): boolean {
  const { at } = resolveInstant(entry);
  return dayOf(at, entry.zone) < dayOf(entry.receivedAt, entry.zone);
}
