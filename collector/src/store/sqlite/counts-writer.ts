import type { CountedReport } from '../../rules/counted-report.js';
import { reportValuesOf, UNKNOWN, USER_DIMENSIONS } from '../../rules/dimensions.js';
import { type FoldedQuality, type FoldedUser, foldQuality, foldUsers } from '../../rules/fold.js';
import { mayErase, mergeUsers, type UserState } from '../../rules/user-state.js';
import { openWriter } from '../../sqlite/database.js';
import { migrate } from '../../sqlite/migrate.js';
import type { Deletion, StoreWriter } from '../store.js';
import { createCleaner } from './cleaning/cleaner.js';
import { createDictionary, NO_PROJECT, type Population } from './dictionary.js';
import { COUNTS_SCHEMA } from './migrations/counts-schema.js';
import { createRecentTable } from './recent-table.js';
import { createRollupsTables } from './rollups-tables.js';
import { createSeenReportsTable } from './seen-reports-table.js';
import { createTombstonesTable } from './tombstones-table.js';
import { createUsersTable } from './users-table.js';

const WAL_PAGES = 16_000;

/** Users come in random order, so pages that are not cached are read from disk. */
const CACHE_KIB = 64 * 1024;

/**
 * Opens or creates `counts.db` with its only writing connection, and migrates it. If it has users,
 * run `bringUpToDate()` before, which takes a snapshot.
 */
export function openCountsWriter(
  path: string,
  openedAt: number,
  { sliceUsers }: { readonly sliceUsers?: number } = {},
): StoreWriter {
  const db = openWriter(path, { walPages: WAL_PAGES, cacheKib: CACHE_KIB });
  migrate(db, COUNTS_SCHEMA, openedAt);
  const dictionary = createDictionary(db);
  const users = createUsersTable(db);
  const rollups = createRollupsTables(db);
  const recent = createRecentTable(db);
  const seenReports = createSeenReportsTable(db);
  const tombstones = createTombstonesTable(db);
  const { findProjectId } = dictionary;
  const cleaner = createCleaner(db, { findProjectId, users, rollups, recent }, sliceUsers);
  const findPosition = db.prepare<{ position: number }>(
    'SELECT position FROM positions WHERE journal_id = ?',
  );
  const writePosition = db.prepare(
    `INSERT INTO positions(journal_id, position, applied_at) VALUES (?1, ?2, coalesce(?3, 0))
     ON CONFLICT DO UPDATE SET position = ?2, applied_at = coalesce(?3, applied_at)`,
  );
  const addQuality = db.prepare(
    `INSERT INTO quality(project_id, day, kind, n) VALUES (?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET n = n + excluded.n`,
  );
  const position = (journalId: string): number => findPosition.get([journalId])?.position ?? 0;

  const withNumbers = (
    projectId: number,
    state: UserState<string>,
    population: Population,
  ): UserState<number> => ({
    ...state,
    os: dictionary.valueId(projectId, 'os', state.os, population),
    version: dictionary.valueId(projectId, 'version', state.version, population),
    runs: state.runs.map(({ lastDay, values }) => ({
      lastDay,
      values: USER_DIMENSIONS.map((name, at) =>
        dictionary.valueId(projectId, name, values[at] ?? UNKNOWN, population),
      ),
    })),
  });
  const countUser = ({ project, uid, state }: FoldedUser): void => {
    const projectId = dictionary.projectId(project);
    cleaner.meet(projectId, uid);
    const before = users.find(projectId, uid);
    const isCi = state.ci && (before?.ci ?? true) && isOnlyCi(cleaner.takenOf(projectId, uid));
    const added = withNumbers(projectId, state, isCi ? 'ci' : 'people');
    const after = before === undefined ? added : mergeUsers(before, added);
    users.write(projectId, uid, after);
    rollups.user(projectId, before, after);
    if (!after.ci) recent.add(projectId, uid, after.lastSeen);
  };
  const countReport = (report: CountedReport): void => {
    const projectId = dictionary.projectId(report.project);
    rollups.report(projectId, report.ci, report.day);
    for (const [dimension, value] of report.ci ? [] : reportValuesOf(report)) {
      if (!dictionary.takesDimension(projectId, dimension)) continue;
      rollups.reportValue(dictionary.valueId(projectId, dimension, value), report.day);
    }
  };

  const countQuality = (quality: readonly FoldedQuality[]): void => {
    for (const { project, day, kind, count } of quality) {
      const projectId = project === null ? NO_PROJECT : dictionary.projectId(project);
      addQuality.run([projectId, day, kind, count]);
    }
  };
  const count = (reports: readonly CountedReport[]): void => {
    const counted: CountedReport[] = [];
    const duplicates: CountedReport[] = [];
    const forgotten: CountedReport[] = [];
    for (const report of reports) {
      if (!seenReports.add(report)) duplicates.push(report);
      else if (tombstones.covers(report.uid, report.madeAt)) forgotten.push(report);
      else counted.push(report);
    }

    for (const folded of foldUsers(counted)) countUser(folded);
    for (const report of counted) countReport(report);
    rollups.write();
    recent.write();
    cleaner.write();
    countQuality(foldQuality(counted, { duplicates, forgotten }));
    // Without reports the current day is unknown.
    if (reports.length === 0) return;
    const newest = reports.reduce((day, { receivedDay }) => Math.max(day, receivedDay), 0);
    seenReports.prune(newest, reports.length);
    tombstones.prune(newest);
  };
  const erase = (deletions: readonly Deletion[]): void => {
    for (const deletion of deletions) {
      const projectId = dictionary.findProjectId(deletion.project);
      if (projectId !== undefined) {
        cleaner.meet(projectId, deletion.uid);
        const user = users.find(projectId, deletion.uid);
        const parts = [...cleaner.takenOf(projectId, deletion.uid), ...(user ? [user] : [])];
        if (!mayErase(deletion, parts.find(isOwned) ?? parts[0])) continue;
        rollups.user(projectId, user, undefined);
        cleaner.erase(projectId, deletion.uid);
        users.erase(projectId, deletion.uid);
        recent.erase(projectId, deletion.uid);
      }
      tombstones.add(deletion);
    }
    rollups.write();
    cleaner.write();
  };

  /** Changes all tables or none. */
  const change = (work: () => void): void => {
    try {
      db.transaction(work);
    } catch (error) {
      dictionary.forget();
      rollups.forget();
      recent.forget();
      seenReports.forget();
      cleaner.forget();
      throw error;
    }
  };

  return {
    position,
    apply: ({ journalId, after, upTo, reports, deletions, appliedAt, ...others }) => {
      const { quality = [], cleanings = [] } = others;
      change(() => {
        if (after !== position(journalId)) return;
        count(reports);
        countQuality(quality);
        erase(deletions);
        for (const step of cleanings) cleaner.begin(step);
        writePosition.run([journalId, upTo, appliedAt]);
      });
    },
    hasWork: () => cleaner.isWorking,
    work: () => {
      change(() => cleaner.work());
      return cleaner.isWorking;
    },
    close: () => db.close(),
  };
}

const isOnlyCi = (parts: readonly UserState<number>[]): boolean => parts.every(({ ci }) => ci);

const isOwned = ({ ownerHash }: UserState<number>): boolean => ownerHash !== null;
