import {
  ALL_DAYS,
  type CleaningSelection,
  type CleaningState,
  kindOfCleaning,
} from '../../../rules/cleaning.js';
import {
  mergeSaid,
  partSaid,
  saidOnKnownDays,
  type SaidValues,
} from '../../../rules/said-values.js';
import type { UserState } from '../../../rules/user-state.js';
import type { Database } from '../../../sqlite/database.js';
import type { Resolve } from '../../codec/resolve.js';
import type { RollupsTables } from '../rollups-tables.js';
import { decodeSaid, encodeSaid } from '../../codec/said-column.js';
import type { UsersTable } from '../users-table.js';
import { OF_VALUE } from './cleaned-counts.js';
import type { CleaningRow } from './cleanings-table.js';

/**
 * What users said in the reports that cleanings of reports took out. Users whom an earlier cleaning
 * took are looked at too: their reports count until then. Use it inside a transaction.
 */
export interface CleanedSaid {
  /** The next users that a cleaning must look at, in the order of their hashes. */
  page(projectId: number, after: Uint8Array, limit: number): Buffer[];
  /** Takes out of a user what a cleaning selects. */
  take(row: CleaningRow, uid: Uint8Array): void;
  /** Gives the next users back what a cleaning took. @returns The last of them, and how many. */
  giveBack(
    row: CleaningRow,
    limit: number,
  ): { readonly uid: Buffer | undefined; readonly n: number };
  /** Erases some of what a cleaning took. @returns How much. */
  eraseSome(cleaning: number, limit: number): number;
  /** Erases what cleanings took of a user. */
  erase(projectId: number, uid: Uint8Array): void;
}

/** The origin of what was taken from a user that counts. Cleanings have larger numbers. */
const COUNTED = 0;

interface HeldRow {
  readonly cleaning: number;
  readonly selection: string;
  readonly last_day: number;
  readonly said: Buffer;
}

interface TakenRow {
  readonly uid: Buffer;
  readonly origin: number;
  readonly last_day: number;
  readonly said: Buffer;
}

/** Creates the access on the writing connection. */
export function createCleanedSaid(
  db: Database,
  {
    resolve,
    users,
    rollups,
  }: {
    readonly resolve: Resolve;
    readonly users: UsersTable;
    readonly rollups: RollupsTables;
  },
): CleanedSaid {
  const page = db.prepare<{ uid: Buffer }>(
    `SELECT uid FROM users WHERE project_id = ?1 AND uid > ?2
     UNION SELECT uid FROM cleaned_users WHERE project_id = ?1 AND uid > ?2
     ORDER BY uid LIMIT ?3`,
  );
  const valueIds = db.prepare<{ id: number }>(`SELECT id FROM dims WHERE ${OF_VALUE}`);
  const held = db.prepare<HeldRow>(
    `SELECT cleaning, selection, last_day, said FROM cleaned_users JOIN cleanings ON n = cleaning
     WHERE cleaned_users.project_id = ? AND uid = ? AND state <> 'expiring' ORDER BY cleaning`,
  );
  const writeHeld = db.prepare(
    'UPDATE cleaned_users SET said = ? WHERE project_id = ? AND uid = ? AND cleaning = ?',
  );
  const add = db.prepare(
    `INSERT INTO cleaned_said(project_id, uid, cleaning, origin, last_day, said)
     VALUES (?, ?, ?, ?, ?, ?)`,
  );
  const taken = db.prepare<TakenRow>(
    `SELECT uid, origin, last_day, said FROM cleaned_said INDEXED BY cleaned_said_order
     WHERE cleaning = ?1 ORDER BY uid, origin LIMIT ?2`,
  );
  const remove = db.prepare(
    'DELETE FROM cleaned_said WHERE project_id = ? AND uid = ? AND cleaning = ? AND origin = ?',
  );
  const erase = db.prepare('DELETE FROM cleaned_said WHERE project_id = ? AND uid = ?');
  const eraseSome = db.prepare(
    `DELETE FROM cleaned_said WHERE cleaning = ?1 AND (project_id, uid, origin) IN (
       SELECT project_id, uid, origin FROM cleaned_said INDEXED BY cleaned_said_order
       WHERE cleaning = ?1 ORDER BY uid, origin LIMIT ?2
     )`,
  );
  const stateOf = db.prepare<{ state: CleaningState }>('SELECT state FROM cleanings WHERE n = ?');

  let known: { readonly cleaning: number; readonly ids: ReadonlySet<number> } | undefined;
  const idsOf = ({ n, projectId, selection: { where } }: CleaningRow): ReadonlySet<number> => {
    if (known?.cleaning === n) return known.ids;
    const found = where === null ? [] : valueIds.all([projectId, where.dimension, where.value]);
    known = { cleaning: n, ids: new Set(found.map(({ id }) => id)) };
    return known.ids;
  };
  /** Changes what a user said, and the counts with it. */
  const change = (
    projectId: number,
    uid: Uint8Array,
    user: UserState<number>,
    said: SaidValues<number>,
  ): void => {
    const after = { ...user, said };
    rollups.user(projectId, user, undefined);
    rollups.user(projectId, undefined, after);
    // Days that were dropped meanwhile count again, but do not come back.
    users.write(projectId, uid, { ...after, said: saidOnKnownDays(said, user) });
  };
  const giveBackTo = (row: CleaningRow, { uid, origin, last_day, said: blob }: TakenRow): void => {
    const { projectId } = row;
    const said = decodeSaid(blob, last_day, resolve);
    const holders = held.all([projectId, uid]);
    // A cleaning that took the user holds all of it: the one it was taken from, or a later one.
    const holder =
      holders.find(({ cleaning }) => cleaning === origin) ??
      holders.find(({ cleaning }) => cleaning > row.n);
    if (holder !== undefined) {
      const before = decodeSaid(holder.said, holder.last_day, resolve);
      const all = mergeSaid(before, said, holder.last_day);
      writeHeld.run([encodeSaid(all, holder.last_day), projectId, uid, holder.cleaning]);
      return;
    }
    if (origin !== COUNTED && stateOf.get([origin])?.state !== 'undone') return;
    const user = users.find(projectId, uid);
    if (user) change(projectId, uid, user, mergeSaid(user.said, said, user.lastDay));
  };

  return {
    page: (projectId, after, limit) => {
      // Between two slices values may get other IDs.
      known = undefined;
      return page.all([projectId, after, limit]).map(({ uid }) => uid);
    },
    take: (row, uid) => {
      const { n, projectId, selection } = row;
      const ids = idsOf(row);
      const days = selection.days ?? ALL_DAYS;
      const keep = (origin: number, lastDay: number, said: SaidValues<number>): void =>
        void add.run([projectId, uid, n, origin, lastDay, encodeSaid(said, lastDay)]);
      for (const one of held.all([projectId, uid])) {
        // A cleaning of a whole project has taken these reports already.
        const by = JSON.parse(one.selection) as CleaningSelection;
        if (kindOfCleaning(by) === 'project') continue;
        const said = decodeSaid(one.said, one.last_day, resolve);
        const parts = partSaid(said, ids, days);
        if (parts.taken.size === 0) continue;
        keep(one.cleaning, one.last_day, parts.taken);
        writeHeld.run([encodeSaid(parts.rest, one.last_day), projectId, uid, one.cleaning]);
      }
      const user = users.find(projectId, uid);
      if (user === undefined) return;
      const { taken: out, rest } = partSaid(user.said, ids, days);
      if (out.size === 0) return;
      keep(COUNTED, user.lastDay, out);
      change(projectId, uid, user, rest);
    },
    giveBack: (row, limit) => {
      const found = taken.all([row.n, limit]);
      for (const one of found) {
        giveBackTo(row, one);
        remove.run([row.projectId, one.uid, row.n, one.origin]);
      }
      return { uid: found.at(-1)?.uid, n: found.length };
    },
    eraseSome: (cleaning, limit) => eraseSome.run([cleaning, limit]).changes,
    erase: (projectId, uid) => void erase.run([projectId, uid]),
  };
}
