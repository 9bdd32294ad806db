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
import type { Database } from '../../../sqlite/database.js';
import { NO_PROJECT } from '../../no-project.js';
import type { Resolve } from '../../codec/resolve.js';
import type { RecentTable } from '../recent-table.js';
import type { RollupsTables } from '../rollups-tables.js';
import type { UsersTable } from '../users-table.js';
import { createCleanedCounts, prepareReportFigures } from './cleaned-counts.js';
import { createCleanedSaid } from './cleaned-said.js';
import { createCleanedUsersTable } from './cleaned-users-table.js';
import { type CleaningRow, createCleaningsTable } from './cleanings-table.js';
import { prepareUserPages, prepareValueId, prepareValueNames } from './user-pages.js';

/**
 * Takes out users and counts, and gives them back. Users are taken in slices, between which other
 * batches are counted: the result is the same as if all were taken at once, at the place of the
 * step among the reports. Use it inside a transaction.
 */
export interface Cleaner {
  /** Begins a step. Steps of users go on with {@link work}. */
  begin(step: CleaningStep): void;
  /** Does the next slice of the running step. */
  work(): void;
  /** Whether a step is running. */
  readonly isWorking: boolean;
  /**
   * Must be called before a user's row is changed or erased: if a cleaning runs that has not
   * looked at the user yet, it does so now.
   */
  meet(projectId: number, uid: Uint8Array): void;
  /** Writes the figures of the users that were met. */
  write(): void;
  /** What is taken out of a user, in the order in which it was counted. */
  takenOf(projectId: number, uid: Uint8Array): UserState<number>[];
  /** Erases what is taken out of a user. */
  erase(projectId: number, uid: Uint8Array): void;
  /** Drops what it remembers after a rollback. */
  forget(): void;
}

/** The tables that a cleaner changes. */
export interface CleanerTables {
  readonly findProjectId: (slug: string) => number | undefined;
  readonly resolve: Resolve;
  readonly users: UsersTable;
  readonly rollups: RollupsTables;
  readonly recent: RecentTable;
}

/** Users that a slice looks at, about 50 ms of work if it takes all of them. */
const SLICE_USERS = 1000;

const FIRST_UID = Buffer.alloc(0);

/** Creates the cleaner on the writing connection. */
export function createCleaner(
  db: Database,
  { findProjectId, resolve, users, rollups, recent }: CleanerTables,
  sliceUsers = SLICE_USERS,
): Cleaner {
  const cleanings = createCleaningsTable(db);
  const cleaned = createCleanedUsersTable(db, resolve);
  const said = createCleanedSaid(db, { resolve, users, rollups });
  const counts = createCleanedCounts(db);
  const reportFigures = prepareReportFigures(db);
  const pageOf = prepareUserPages(db, () => resolve);
  const valueId = prepareValueId(db);
  const withNames = prepareValueNames(db);
  const countUsers = db.prepare<{ n: number }>(
    `SELECT coalesce(sum(n), 0) AS n FROM totals
     WHERE project_id = ? AND total IN ('certain', 'likely', 'ephemeral', 'ci')`,
  );
  const isSeen = db.prepare<{ one: number }>(
    'SELECT 1 AS one FROM cleaned_seen WHERE cleaning = ? AND uid = ?',
  );
  const see = db.prepare('INSERT OR IGNORE INTO cleaned_seen(cleaning, uid) VALUES (?, ?)');
  const unsee = db.prepare('DELETE FROM cleaned_seen WHERE cleaning = ?');
  const uncover = db.prepare('DELETE FROM cleaning_covers WHERE below = ?1 OR above = ?1');
  let running = cleanings.running();
  let met: CleaningFigures[] = [];

  const save = (row: CleaningRow, progress: Parameters<typeof cleanings.write>[1]): void => {
    cleanings.write(row, progress);
    running = cleanings.running();
  };
  const isTaken = ({ projectId, selection }: CleaningRow, user: UserState<number>): boolean =>
    selectsUser(selection, user, selection.where ? valueId(projectId, selection.where) : undefined);
  const take = (row: CleaningRow, uid: Uint8Array, user: UserState<number>): CleaningFigures => {
    cleaned.add(row.n, row.projectId, uid);
    rollups.user(row.projectId, user, undefined);
    users.erase(row.projectId, uid);
    recent.leave(row.projectId, uid);
    return figuresOfUser(withNames(user));
  };

  const end = (row: CleaningRow, state: 'taken' | 'undone' | 'expired', figures = row.figures) =>
    save(row, { state, cursor: FIRST_UID, done: 0, total: 0, figures });
  const takeSaidSlice = (row: CleaningRow): void => {
    const { n, projectId, cursor } = row;
    const found = said.page(projectId, cursor, sliceUsers);
    for (const uid of found) if (!isSeen.get([n, uid])) said.take(row, uid);
    rollups.write();
    const last = found.at(-1);
    if (last !== undefined && found.length === sliceUsers) {
      save(row, { cursor: last, done: row.done + found.length });
      return;
    }
    unsee.run([n]);
    end(row, 'taken');
  };
  const takeSlice = (row: CleaningRow): void => {
    const { n, projectId, selection } = row;
    if (kindOfCleaning(selection) === 'reports') {
      takeSaidSlice(row);
      return;
    }
    const { users: found, end: cursor } = pageOf(projectId, selection, row.cursor, sliceUsers);
    const taken = found
      .filter(({ uid, state }) => isTaken(row, state) && !isSeen.get([n, uid]))
      .map(({ uid, state }) => take(row, uid, state));
    rollups.write();
    const figures = addFigures([row.figures, ...taken]);
    const done = row.done + sliceUsers;
    if (cursor !== undefined) {
      save(row, { cursor, done, figures });
      return;
    }
    unsee.run([n]);
    recent.rebuild(projectId);
    end(row, 'taken', figures);
  };
  const giveBack = (row: CleaningRow, uid: Buffer, state: UserState<number>): void => {
    const { n, projectId } = row;
    const since = users.find(projectId, uid);
    // One after the other, as it was counted: rollups remember more days than a user's row.
    if (since) rollups.user(projectId, since, undefined);
    rollups.user(projectId, undefined, state);
    const all = since === undefined ? state : mergeUsers(state, since);
    if (since) rollups.user(projectId, state, all);
    users.write(projectId, uid, all);
    if (!all.ci) recent.add(projectId, uid, all.lastSeen);
    cleaned.remove(n, projectId, uid);
  };
  const giveBackSaidSlice = (row: CleaningRow): void => {
    const { uid, n } = said.giveBack(row, sliceUsers);
    rollups.write();
    if (uid !== undefined && n === sliceUsers) save(row, { cursor: uid, done: row.done + n });
    else end(row, 'undone');
  };
  const giveBackSlice = (row: CleaningRow): void => {
    if (kindOfCleaning(row.selection) === 'reports') {
      giveBackSaidSlice(row);
      return;
    }
    const found = cleaned.page(row.n, row.cursor, sliceUsers);
    for (const { uid, state } of found) giveBack(row, uid, state);
    rollups.write();
    recent.write();
    const last = found.at(-1);
    const done = row.done + found.length;
    if (last !== undefined && found.length === sliceUsers) {
      save(row, { cursor: last.uid, done });
      return;
    }
    uncover.run([row.n]);
    end(row, 'undone');
  };
  const expireSlice = (row: CleaningRow): void => {
    const erase = kindOfCleaning(row.selection) === 'reports' ? said : cleaned;
    const erased = erase.eraseSome(row.n, sliceUsers);
    const done = row.done + erased;
    if (erased === sliceUsers) {
      save(row, { done });
      return;
    }
    counts.erase(row.n);
    uncover.run([row.n]);
    end(row, 'expired');
  };

  const work = (): void => {
    if (running?.state === 'taking') takeSlice(running);
    else if (running?.state === 'undoing') giveBackSlice(running);
    else if (running?.state === 'expiring') expireSlice(running);
  };
  const usersIn = ({ people, ci }: CleaningFigures): number => people + ci;
  const begin = (step: CleaningStep): void => {
    if (step.step === 'expire') {
      while (running?.state === 'taking' && running.until <= step.at) work();
      for (const row of cleanings.over(step.at)) {
        cleanings.write(row, { state: 'expiring', total: usersIn(row.figures) });
      }
      running = cleanings.running();
      return;
    }
    // Steps come one at a time; if one comes early, the one before ends first.
    while (running && running.state !== 'expiring') work();
    const known = cleanings.find(step.id);
    if (step.step === 'undo') {
      if (known?.state !== 'taken' || step.at > known.until || cleanings.isCovered(known.n)) return;
      counts.giveBack(known.n, known.projectId);
      save(known, { state: 'undoing', cursor: FIRST_UID, total: usersIn(known.figures) });
      return;
    }
    if (known) return;
    const { id, selection, at: cleanedAt, until } = step;
    const projectId = findProjectId(selection.project) ?? NO_PROJECT;
    const isKnown = projectId !== NO_PROJECT;
    const ofReports = kindOfCleaning(selection) === 'reports';
    const figures = isKnown && ofReports ? reportFigures(projectId, selection) : NOTHING_CLEANED;
    const state = isKnown ? 'taking' : 'taken';
    const total = state === 'taking' ? (countUsers.get([projectId])?.n ?? 0) : 0;
    const row = { id, projectId, selection, cleanedAt, until, state, total, figures } as const;
    const n = cleanings.add(row);
    if (isKnown) counts.take(n, projectId, selection);
    running = cleanings.running();
  };

  return {
    begin,
    work,
    get isWorking() {
      return running !== undefined;
    },
    meet: (projectId, uid) => {
      if (running?.state !== 'taking' || running.projectId !== projectId) return;
      if (Buffer.compare(uid, running.cursor) <= 0 || isSeen.get([running.n, uid])) return;
      see.run([running.n, uid]);
      if (kindOfCleaning(running.selection) === 'reports') {
        said.take(running, uid);
        return;
      }
      const user = users.find(projectId, uid);
      if (!user || !isTaken(running, user)) return;
      met.push(take(running, uid, user));
    },
    write: () => {
      if (!running || met.length === 0) return;
      save(running, { figures: addFigures([running.figures, ...met]) });
      met = [];
    },
    takenOf: (projectId, uid) => cleaned.statesOf(projectId, uid),
    erase: (projectId, uid) => {
      cleaned.erase(projectId, uid);
      said.erase(projectId, uid);
    },
    forget: () => {
      cleaned.forget();
      met = [];
      running = cleanings.running();
    },
  };
}
