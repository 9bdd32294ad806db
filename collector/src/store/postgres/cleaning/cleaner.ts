import {
  addFigures,
  type CleaningFigures,
  type CleaningStep,
  figuresOfUser,
  kindOfCleaning,
  NOTHING_CLEANED,
  selectsUser,
} from '../../../rules/cleaning.js';
import { mergeUsers, type UserState } from '../../../rules/user-state.js';
import { NO_PROJECT } from '../../no-project.js';
import { type Connection, fromUuid, toUuid } from '../connection.js';
import type { Dictionary } from '../dictionary.js';
import type { RecentTable } from '../recent-table.js';
import type { RollupsTables } from '../rollups-tables.js';
import type { UserKey, UsersTable } from '../users-table.js';
import { createCleanedCounts, findReportFigures } from './cleaned-counts.js';
import { createCleanedSaid } from './cleaned-said.js';
import { type CleanedUser, createCleanedUsersTable } from './cleaned-users-table.js';
import { type CleaningRow, createCleaningsTable } from './cleanings-table.js';
import { findValueId, nameUsers, readUserPage } from './user-pages.js';

/**
 * Takes out users and counts, and gives them back. Users are taken in slices, between which other
 * batches are counted: the result is the same as if all were taken at once, at the place of the
 * step among the reports. Use it inside a transaction, while no other node counts.
 */
export interface Cleaner {
  /** Begins a step. Steps of users go on with {@link work}. */
  begin(step: CleaningStep): Promise<void>;
  /** Does the next slice of the running step. */
  work(): Promise<void>;
  /** Whether a step is running. */
  isWorking(): Promise<boolean>;
  /**
   * Must be called before loaded users are changed or erased: if a cleaning runs that has not
   * looked at them yet, it does so now.
   */
  meet(keys: readonly UserKey[]): Promise<void>;
  /** What is taken out of users, in the order in which it was counted; see `cleanedKey()`. */
  takenOf(keys: readonly UserKey[]): Promise<ReadonlyMap<string, readonly UserState<number>[]>>;
  /** Erases what is taken out of a user. */
  erase(projectId: number, uid: Uint8Array): Promise<void>;
}

/** The tables that a cleaner changes. */
export interface CleanerTables {
  readonly dictionary: Dictionary;
  readonly users: UsersTable;
  readonly rollups: RollupsTables;
  readonly recent: RecentTable;
}

/** Users that a slice looks at. */
const SLICE_USERS = 1000;

/** Creates the cleaner. */
export function createCleaner(
  connection: Connection,
  { dictionary, users, rollups, recent }: CleanerTables,
  sliceUsers = SLICE_USERS,
): Cleaner {
  const cleanings = createCleaningsTable(connection);
  const resolverOf = (projectId: number) => dictionary.resolverOf(projectId);
  const cleaned = createCleanedUsersTable(connection, resolverOf);
  const said = createCleanedSaid(connection, { dictionary, users, rollups });
  const counts = createCleanedCounts(connection);

  /** Reads what is needed to understand the rows of a project. */
  const loadProject = async (projectId: number): Promise<void> => {
    if (projectId === NO_PROJECT) return;
    const row = await connection.get<{ slug: string }>('SELECT slug FROM projects WHERE id = $1', [
      projectId,
    ]);
    if (row === undefined) throw new Error('A cleaning is of a project that is not there.');
    await dictionary.loadProjects([row.slug]);
    await dictionary.loadResolvers([projectId]);
  };
  const unseen = async (n: number, uids: readonly Uint8Array[]): Promise<Uint8Array[]> => {
    const rows = await connection.all<{ uid: string }>(
      'SELECT uid FROM cleaned_seen WHERE cleaning = $1 AND uid = ANY($2::uuid[])',
      [n, uids.map(toUuid)],
    );
    const seen = new Set(rows.map(({ uid }) => uid));
    return uids.filter((uid) => !seen.has(toUuid(uid)));
  };
  const unsee = async (n: number): Promise<void> => {
    await connection.run('DELETE FROM cleaned_seen WHERE cleaning = $1', [n]);
  };
  const uncover = async (n: number): Promise<void> => {
    await connection.run('DELETE FROM cleaning_covers WHERE below = $1 OR above = $1', [n]);
  };
  const end = (
    row: CleaningRow,
    state: 'taken' | 'undone' | 'expired',
    figures = row.figures,
  ): Promise<void> => cleanings.write(row, { state, cursor: null, done: 0, total: 0, figures });
  /** Takes loaded users out, as far as a cleaning selects them. */
  const take = async (
    row: CleaningRow,
    found: readonly CleanedUser[],
  ): Promise<CleaningFigures[]> => {
    const { n, projectId, selection } = row;
    const value =
      selection.where === null
        ? undefined
        : await findValueId(connection, projectId, selection.where);
    const taken = found.filter(({ state }) => selectsUser(selection, state, value));
    if (taken.length === 0) return [];
    const uids = taken.map(({ uid }) => uid);
    await cleaned.add(n, projectId, uids);
    for (const { uid, state } of taken) {
      rollups.user(projectId, state, undefined);
      users.erase(projectId, uid);
    }
    await recent.leave(projectId, uids);
    const named = await nameUsers(
      connection,
      projectId,
      taken.map(({ state }) => state),
    );
    return named.map(figuresOfUser);
  };
  const load = (projectId: number, uids: readonly Uint8Array[]): Promise<void> =>
    users.load(uids.map((uid) => ({ projectId, uid })));

  const takeSaidSlice = async (row: CleaningRow): Promise<void> => {
    const { n, projectId, cursor } = row;
    const found = await said.page(projectId, cursor, sliceUsers);
    await load(projectId, found);
    await said.take(row, await unseen(n, found));
    const last = found.at(-1);
    if (last !== undefined && found.length === sliceUsers) {
      await cleanings.write(row, { cursor: toUuid(last), done: row.done + found.length });
      return;
    }
    await unsee(n);
    await end(row, 'taken');
  };
  const takeSlice = async (row: CleaningRow): Promise<void> => {
    const { n, projectId, selection, cursor: after } = row;
    if (kindOfCleaning(selection) === 'reports') return takeSaidSlice(row);
    const question = { projectId, selection, after, limit: sliceUsers };
    const page = await readUserPage(connection, question, resolverOf(projectId));
    const uids = new Set(
      await unseen(
        n,
        page.users.map(({ uid }) => uid),
      ),
    );
    await load(projectId, [...uids]);
    const figures = await take(
      row,
      page.users.filter(({ uid }) => uids.has(uid)),
    );
    const all = addFigures([row.figures, ...figures]);
    if (page.end !== undefined) {
      await cleanings.write(row, { cursor: page.end, done: row.done + sliceUsers, figures: all });
      return;
    }
    await unsee(n);
    await users.flush();
    await recent.rebuild(projectId);
    await end(row, 'taken', all);
  };
  const giveBack = (projectId: number, { uid, state }: CleanedUser): void => {
    const since = users.find(projectId, uid);
    // One after the other, as it was counted: rollups remember more days than a user's row.
    if (since) rollups.user(projectId, since, undefined);
    rollups.user(projectId, undefined, state);
    const all = since === undefined ? state : mergeUsers(state, since);
    if (since) rollups.user(projectId, state, all);
    users.write(projectId, uid, all);
    if (!all.ci) recent.add(projectId, uid, all.lastSeen);
  };
  const giveBackSlice = async (row: CleaningRow): Promise<void> => {
    const { projectId } = row;
    if (kindOfCleaning(row.selection) === 'reports') {
      const { last, n } = await said.giveBack(row, sliceUsers);
      if (last === undefined || n < sliceUsers) await end(row, 'undone');
      else await cleanings.write(row, { cursor: last, done: row.done + n });
      return;
    }
    const found = await cleaned.page(row, sliceUsers);
    const uids = found.map(({ uid }) => uid);
    await load(projectId, uids);
    for (const one of found) giveBack(projectId, one);
    await cleaned.remove(row.n, uids);
    const last = found.at(-1);
    if (last !== undefined && found.length === sliceUsers) {
      await cleanings.write(row, { cursor: toUuid(last.uid), done: row.done + found.length });
      return;
    }
    await uncover(row.n);
    await end(row, 'undone');
  };
  const expireSlice = async (row: CleaningRow): Promise<void> => {
    const erase = kindOfCleaning(row.selection) === 'reports' ? said : cleaned;
    const erased = await erase.eraseSome(row.n, sliceUsers);
    if (erased === sliceUsers) {
      await cleanings.write(row, { done: row.done + erased });
      return;
    }
    await counts.erase(row.n);
    await uncover(row.n);
    await end(row, 'expired');
  };
  const flush = async (): Promise<void> => {
    await users.flush();
    await rollups.write();
    await recent.write();
  };
  const work = async (): Promise<void> => {
    const running = await cleanings.running();
    if (running === undefined) return;
    await loadProject(running.projectId);
    if (running.state === 'taking') await takeSlice(running);
    else if (running.state === 'undoing') await giveBackSlice(running);
    else await expireSlice(running);
    await flush();
  };
  const usersIn = ({ people, ci }: CleaningFigures): number => people + ci;
  const expire = async (at: number): Promise<void> => {
    for (let running = await cleanings.running(); running?.state === 'taking';) {
      if (running.until > at) break;
      await work();
      running = await cleanings.running();
    }
    for (const row of await cleanings.over(at)) {
      await cleanings.write(row, { state: 'expiring', total: usersIn(row.figures) });
    }
  };
  const undo = async (known: CleaningRow | undefined, at: number): Promise<void> => {
    if (known?.state !== 'taken' || at > known.until) return;
    if (await cleanings.isCovered(known.n)) return;
    await counts.giveBack(known.n, known.projectId);
    const total = usersIn(known.figures);
    await cleanings.write(known, { state: 'undoing', cursor: null, total });
  };

  return {
    begin: async (step) => {
      if (step.step === 'expire') return expire(step.at);
      // Steps come one at a time; if one comes early, the one before ends first.
      for (let running = await cleanings.running(); running;) {
        if (running.state === 'expiring') break;
        await work();
        running = await cleanings.running();
      }
      const known = await cleanings.find(step.id);
      if (step.step === 'undo') return undo(known, step.at);
      if (known) return;
      const { id, selection, at: cleanedAt, until } = step;
      const projectId = (await dictionary.findProjectId(selection.project)) ?? NO_PROJECT;
      const isKnown = projectId !== NO_PROJECT;
      const ofReports = kindOfCleaning(selection) === 'reports';
      const figures =
        isKnown && ofReports
          ? await findReportFigures(connection, projectId, selection)
          : NOTHING_CLEANED;
      const state = isKnown ? 'taking' : 'taken';
      const total = isKnown ? await countUsers(connection, projectId) : 0;
      const row = { id, projectId, selection, cleanedAt, until, state, total, figures } as const;
      const n = await cleanings.add(row);
      if (isKnown) await counts.take(n, projectId, selection);
    },
    work,
    isWorking: async () => (await cleanings.running()) !== undefined,
    meet: async (keys) => {
      const running = await cleanings.running();
      if (running?.state !== 'taking') return;
      const { n, projectId, cursor, selection } = running;
      const met = keys
        .filter((key) => key.projectId === projectId)
        .map(({ uid }) => uid)
        .filter((uid) => cursor === null || toUuid(uid) > cursor);
      const uids = await unseen(n, met);
      if (uids.length === 0) return;
      await loadProject(projectId);
      await connection.run(
        `INSERT INTO cleaned_seen(cleaning, uid) SELECT $1::int, unnest($2::uuid[])
         ON CONFLICT DO NOTHING`,
        [n, uids.map(toUuid)],
      );
      if (kindOfCleaning(selection) === 'reports') {
        await said.take(running, uids);
        return;
      }
      const found = uids.flatMap((uid) => {
        const state = users.find(projectId, uid);
        return state === undefined ? [] : [{ uid: fromUuid(toUuid(uid)), state }];
      });
      const figures = await take(running, found);
      if (figures.length === 0) return;
      await cleanings.write(running, { figures: addFigures([running.figures, ...figures]) });
    },
    takenOf: (keys) => cleaned.statesOf(keys),
    erase: async (projectId, uid) => {
      await cleaned.erase(projectId, uid);
      await said.erase(projectId, uid);
    },
  };
}

async function countUsers(connection: Connection, projectId: number): Promise<number> {
  const row = await connection.get<{ n: number }>(
    `SELECT coalesce(sum(n), 0) AS n FROM totals
     WHERE project_id = $1 AND total IN ('certain', 'likely', 'ephemeral', 'ci')`,
    [projectId],
  );
  return row?.n ?? 0;
}
