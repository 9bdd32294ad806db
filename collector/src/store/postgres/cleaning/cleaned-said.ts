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
import { decodeSaid, encodeSaid } from '../../codec/said-column.js';
import { type Connection, fromUuid, toUuid } from '../connection.js';
import type { Dictionary } from '../dictionary.js';
import type { RollupsTables } from '../rollups-tables.js';
import type { UsersTable } from '../users-table.js';
import { OF_VALUE } from './cleaned-counts.js';
import type { CleaningRow } from './cleanings-table.js';

/**
 * What users said in the reports that cleanings of reports took out. Users whom an earlier cleaning
 * took are looked at too: their reports count until then. Use it inside a transaction.
 */
export interface CleanedSaid {
  /** The next users that a cleaning must look at, in the order of their hashes. */
  page(projectId: number, after: string | null, limit: number): Promise<Buffer[]>;
  /** Takes out of users what a cleaning selects. They must be loaded. */
  take(row: CleaningRow, uids: readonly Uint8Array[]): Promise<void>;
  /** Gives the next users back what a cleaning took. @returns The last of them, and how many. */
  giveBack(
    row: CleaningRow,
    limit: number,
  ): Promise<{ readonly last: string | undefined; readonly n: number }>;
  /** Erases some of what a cleaning took. @returns How much. */
  eraseSome(cleaning: number, limit: number): Promise<number>;
  /** Erases what cleanings took of a user. */
  erase(projectId: number, uid: Uint8Array): Promise<void>;
}

/** The origin of what was taken from a user that counts. Cleanings have larger numbers. */
const COUNTED = 0;

interface HeldRow {
  readonly uid: string;
  readonly cleaning: number;
  readonly selection: string;
  readonly last_day: number;
  readonly said: Buffer;
}

interface TakenRow {
  readonly uid: string;
  readonly origin: number;
  readonly last_day: number;
  readonly said: Buffer;
}

const PAGE = `
  SELECT uid FROM users WHERE project_id = $1 AND ($2::uuid IS NULL OR uid > $2)
  UNION SELECT uid FROM cleaned_users WHERE project_id = $1 AND ($2::uuid IS NULL OR uid > $2)
  ORDER BY uid LIMIT $3`;
const HELD = `
  SELECT u.uid, u.cleaning, selection, u.last_day, u.said
  FROM cleaned_users u JOIN cleanings ON n = u.cleaning
  WHERE u.project_id = $1 AND u.uid = ANY($2::uuid[]) AND state <> 'expiring' ORDER BY u.cleaning`;

/** The tables that change with what users said. */
export interface SaidTables {
  readonly dictionary: Dictionary;
  readonly users: UsersTable;
  readonly rollups: RollupsTables;
}

/** Creates the access. No other node may count meanwhile. */
export function createCleanedSaid(
  connection: Connection,
  { dictionary, users, rollups }: SaidTables,
): CleanedSaid {
  const heldOf = async (
    projectId: number,
    uids: readonly string[],
  ): Promise<ReadonlyMap<string, HeldRow[]>> => {
    const rows = await connection.all<HeldRow>(HELD, [projectId, uids]);
    return groupByUid(rows);
  };
  const writeHeld = async (
    projectId: number,
    { uid, cleaning, last_day }: HeldRow,
    said: SaidValues<number>,
  ): Promise<void> => {
    await connection.run(
      'UPDATE cleaned_users SET said = $1 WHERE project_id = $2 AND uid = $3 AND cleaning = $4',
      [encodeSaid(said, last_day), projectId, uid, cleaning],
    );
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
  const giveBackTo = async (
    row: CleaningRow,
    { uid, origin, last_day, said: blob }: TakenRow,
    holders: readonly HeldRow[],
  ): Promise<void> => {
    const { projectId } = row;
    const resolve = dictionary.resolverOf(projectId);
    const said = decodeSaid(blob, last_day, resolve);
    // A cleaning that took the user holds all of it: the one it was taken from, or a later one.
    const holder =
      holders.find(({ cleaning }) => cleaning === origin) ??
      holders.find(({ cleaning }) => cleaning > row.n);
    if (holder !== undefined) {
      const before = decodeSaid(holder.said, holder.last_day, resolve);
      await writeHeld(projectId, holder, mergeSaid(before, said, holder.last_day));
      return;
    }
    if (origin !== COUNTED) {
      const from = await connection.get<{ state: CleaningState }>(
        'SELECT state FROM cleanings WHERE n = $1',
        [origin],
      );
      if (from?.state !== 'undone') return;
    }
    const bytes = fromUuid(uid);
    const user = users.find(projectId, bytes);
    if (user) change(projectId, bytes, user, mergeSaid(user.said, said, user.lastDay));
  };

  return {
    page: async (projectId, after, limit) => {
      const rows = await connection.all<{ uid: string }>(PAGE, [projectId, after, limit]);
      return rows.map(({ uid }) => fromUuid(uid));
    },
    take: async ({ n, projectId, selection }, uids) => {
      const { where } = selection;
      if (where === null || uids.length === 0) return;
      const found = await connection.all<{ id: number }>(
        `SELECT value_id AS id FROM dims WHERE ${OF_VALUE}`,
        [projectId, where.dimension, where.value],
      );
      const ids = new Set(found.map(({ id }) => id));
      const days = selection.days ?? ALL_DAYS;
      const resolve = dictionary.resolverOf(projectId);
      const held = await heldOf(projectId, uids.map(toUuid));
      const kept: { uid: string; origin: number; lastDay: number; said: Buffer }[] = [];
      for (const uid of uids) {
        const uuid = toUuid(uid);
        const keep = (origin: number, lastDay: number, said: SaidValues<number>): void =>
          void kept.push({ uid: uuid, origin, lastDay, said: encodeSaid(said, lastDay) });
        for (const one of held.get(uuid) ?? []) {
          // A cleaning of a whole project has taken these reports already.
          const by = JSON.parse(one.selection) as CleaningSelection;
          if (kindOfCleaning(by) === 'project') continue;
          const parts = partSaid(decodeSaid(one.said, one.last_day, resolve), ids, days);
          if (parts.taken.size === 0) continue;
          keep(one.cleaning, one.last_day, parts.taken);
          await writeHeld(projectId, one, parts.rest);
        }
        const user = users.find(projectId, uid);
        if (user === undefined) continue;
        const { taken, rest } = partSaid(user.said, ids, days);
        if (taken.size === 0) continue;
        keep(COUNTED, user.lastDay, taken);
        change(projectId, uid, user, rest);
      }
      if (kept.length === 0) return;
      await connection.run(
        `INSERT INTO cleaned_said(cleaning, project_id, uid, origin, last_day, said)
         SELECT $1::int, $2::int, k.*
         FROM unnest($3::uuid[], $4::int[], $5::int[], $6::bytea[]) k(uid, origin, last_day, said)`,
        [
          ...[n, projectId, kept.map(({ uid }) => uid), kept.map(({ origin }) => origin)],
          ...[kept.map(({ lastDay }) => lastDay), kept.map(({ said }) => said)],
        ],
      );
    },
    giveBack: async (row, limit) => {
      const found = await connection.all<TakenRow>(
        `SELECT uid, origin, last_day, said FROM cleaned_said
         WHERE cleaning = $1 ORDER BY uid, origin LIMIT $2`,
        [row.n, limit],
      );
      const { projectId, n } = row;
      await users.load(found.map(({ uid }) => ({ projectId, uid: fromUuid(uid) })));
      for (const one of found) {
        // What was given back before may be held by the same cleaning.
        const held = await heldOf(projectId, [one.uid]);
        await giveBackTo(row, one, held.get(one.uid) ?? []);
        await connection.run(
          `DELETE FROM cleaned_said
           WHERE project_id = $1 AND uid = $2 AND cleaning = $3 AND origin = $4`,
          [projectId, one.uid, n, one.origin],
        );
      }
      return { last: found.at(-1)?.uid, n: found.length };
    },
    eraseSome: (cleaning, limit) =>
      connection.run(
        `DELETE FROM cleaned_said WHERE cleaning = $1 AND (project_id, uid, origin) IN (
           SELECT project_id, uid, origin FROM cleaned_said
           WHERE cleaning = $1 ORDER BY uid, origin LIMIT $2
         )`,
        [cleaning, limit],
      ),
    erase: async (projectId, uid) => {
      await connection.run('DELETE FROM cleaned_said WHERE project_id = $1 AND uid = $2', [
        projectId,
        toUuid(uid),
      ]);
    },
  };
}

function groupByUid(rows: readonly HeldRow[]): Map<string, HeldRow[]> {
  const groups = new Map<string, HeldRow[]>();
  for (const row of rows) {
    const group = groups.get(row.uid);
    if (group) group.push(row);
    else groups.set(row.uid, [row]);
  }
  return groups;
}
