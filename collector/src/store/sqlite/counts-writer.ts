import type { CountedReport } from '../../rules/counted-report.js';
import {
  countryDaysOf,
  reportValuesOf,
  USER_DIMENSIONS,
  userValuesOf,
} from '../../rules/dimensions.js';
import {
  addToUser,
  type FoldedQuality,
  type FoldedUser,
  foldQuality,
  foldUsers,
  type PlacedReport,
} from '../../rules/fold.js';
import { REMEMBERED_DAYS, TOMBSTONE_DAYS } from '../../rules/limits.js';
import { DEFAULT_RETENTION, type Retention } from '../../rules/retention-classes.js';
import { mayErase, type UserState } from '../../rules/user-state.js';
import { openWriter } from '../../sqlite/database.js';
import { createGiveBack } from '../../sqlite/give-back.js';
import { closeWriter, forgetLostLog, requireLog } from '../../sqlite/log-mark.js';
import { migrate } from '../../sqlite/migrate.js';
import type { Deletion, StoreWriter } from '../store.js';
import { createCleaner } from './cleaning/cleaner.js';
import { prepareAbout } from './about-table.js';
import { createClosingDays } from './closing-days.js';
import { createCountrySince } from './country-since.js';
import { createDictionary } from './dictionary.js';
import { NO_PROJECT } from '../no-project.js';
import type { Population } from '../takes-value.js';
import { createDrop } from './drop-rows.js';
import { createKeptDaysTable } from './kept-days-table.js';
import { createHoursTable } from './hours-table.js';
import { createGivenUpTable } from './given-up-table.js';
import { COUNTS_SCHEMA } from './migrations/counts-schema.js';
import { createRecentTable } from './recent-table.js';
import { createRollupsTables } from './rollups-tables.js';
import { createSeenReportsTable } from './seen-reports-table.js';
import { createTombstonesTable } from './tombstones-table.js';
import { createUsersTable } from './users-table.js';

const WAL_PAGES = 16_000;

/** Users come in random order, so pages that are not cached are read from disk. */
const CACHE_KIB = 4 * 1024;

/**
 * Opens or creates `counts.db` with its only writing connection, and migrates it. If it has users,
 * run `bringUpToDate()` before, which takes a snapshot.
 *
 * @param pepperId - Tells which pepper users are hashed with. It is kept if none is known yet.
 */
export function openCountsWriter(
  path: string,
  openedAt: number,
  kept: Pick<Retention, 'keys' | 'tombstones'> = DEFAULT_RETENTION,
  pepperId?: string,
  { sliceUsers }: { readonly sliceUsers?: number } = {},
): CountsWriter {
  const db = openWriter(path, { walPages: WAL_PAGES, cacheKib: CACHE_KIB });
  migrate(db, COUNTS_SCHEMA, openedAt);
  prepareAbout(db, pepperId);
  requireLog(db);
  const dictionary = createDictionary(db);
  const givenUp = createGivenUpTable(db);
  const closingDays = createClosingDays(db, dictionary, givenUp);
  const users = createUsersTable(db, givenUp.resolve);
  const rollups = createRollupsTables(db);
  const recent = createRecentTable(db);
  const hours = createHoursTable(db);
  const seenReports = createSeenReportsTable(db, kept.keys ?? REMEMBERED_DAYS);
  const tombstones = createTombstonesTable(db, kept.tombstones ?? TOMBSTONE_DAYS);
  const findProjectId = (slug: string): number | undefined => dictionary.findProjectId(slug);
  const countrySince = createCountrySince(db);
  const { resolve } = givenUp;
  const tables = { findProjectId, resolve, users, rollups, recent };
  const cleaner = createCleaner(db, tables, sliceUsers);
  const findPosition = db.prepare<{ position: number }>(
    'SELECT position FROM positions WHERE journal_id = ?',
  );
  const writePosition = db.prepare(
    `INSERT INTO positions(journal_id, position, applied_at) VALUES (?1, ?2, coalesce(?3, 0))
     ON CONFLICT DO UPDATE SET position = ?2, applied_at = max(applied_at, coalesce(?3, 0))`,
  );
  const addQuality = db.prepare(
    `INSERT INTO quality(project_id, day, kind, n) VALUES (?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET n = n + excluded.n`,
  );
  const position = (journalId: string): number => findPosition.get([journalId])?.position ?? 0;

  const place = (report: CountedReport, projectId: number, isPerson: () => boolean): Placed => {
    const population = (): Population => (report.ci && !isPerson() ? 'ci' : 'people');
    const values = userValuesOf(report).map((value, at) =>
      dictionary.valueId(projectId, USER_DIMENSIONS[at] ?? '', value, population),
    );
    const said: number[] = [];
    for (const [dimension, value] of report.ci ? [] : reportValuesOf(report)) {
      if (!dictionary.takesDimension(projectId, dimension)) continue;
      said.push(dictionary.valueId(projectId, dimension, value));
    }
    return { report, projectId, values, said };
  };
  /** Gives values their places in the order of the reports, so that it makes no odds how they are batched. */
  const placeAll = (reports: readonly CountedReport[]): Placed[] => {
    const people = new Set<string>();
    const hasFarms = reports.some(({ ci }) => ci);
    return reports.map((report) => {
      const projectId = dictionary.projectId(report.project);
      const key = hasFarms ? `${projectId} ${report.uid.toString('latin1')}` : '';
      if (hasFarms && !report.ci) people.add(key);
      return place(report, projectId, () => {
        if (people.has(key) || users.find(projectId, report.uid)?.ci === false) return true;
        return cleaner.takenOf(projectId, report.uid).some(({ ci }) => !ci);
      });
    });
  };
  const countUser = ({ project, uid, state }: FoldedUser<number>): void => {
    const projectId = dictionary.projectId(project);
    cleaner.meet(projectId, uid);
    const before = users.find(projectId, uid);
    const after = addToUser(before, state);
    users.write(projectId, uid, after);
    rollups.user(projectId, before, after);
    if (!after.ci) recent.add(projectId, uid, after.lastSeen);
  };
  const countAll = (reports: readonly CountedReport[]): void => {
    const placed = placeAll(reports);
    for (const folded of foldUsers(placed)) countUser(folded);
    for (const { report, projectId, said } of placed) {
      hours.add(projectId, report.receivedAt);
      rollups.report(projectId, report.ci, report.day);
      for (const valueId of said) rollups.reportValue(valueId, report.day);
    }
    rollups.write();
    recent.write();
    hours.write();
    cleaner.write();
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
    let sinceClosing: CountedReport[] = [];
    for (const report of reports) {
      if (!seenReports.add(report)) {
        duplicates.push(report);
        continue;
      }
      if (tombstones.covers(report.uid, report.madeAt)) {
        forgotten.push(report);
        continue;
      }
      const projectId = dictionary.projectId(report.project);
      if (closingDays.closes(projectId, report.receivedDay)) {
        countAll(sinceClosing);
        sinceClosing = [];
        closingDays.close(projectId, report.receivedDay);
      }
      sinceClosing.push(report);
      counted.push(report);
    }
    countAll(sinceClosing);
    countrySince.add(countryDaysOf(counted));
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

  const forget = (): void => {
    dictionary.forget();
    givenUp.forget();
    closingDays.forget();
    rollups.forget();
    recent.forget();
    hours.forget();
    seenReports.forget();
    countrySince.forget();
    cleaner.forget();
  };
  /** Changes all tables or none. */
  const change = (work: () => void): void => {
    try {
      db.transaction(work);
    } catch (error) {
      forget();
      throw error;
    }
  };
  const drop = createDrop({
    ...{ db, users, rollups, recent, keptDays: createKeptDaysTable(db) },
    resolve: givenUp.resolve,
  });

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
        // A cleaning of a whole project has taken its hours out, or given them back.
        if (cleanings.length > 0) hours.forget();
        writePosition.run([journalId, upTo, appliedAt]);
      });
    },
    // There is one node.
    fold: () => ({ rows: 0, next: null }),
    giveBack: createGiveBack(db, path),
    drop: (slice) => {
      try {
        return drop(slice);
      } catch (error) {
        forget();
        throw error;
      }
    },
    hasWork: () => cleaner.isWorking,
    work: () => {
      change(() => cleaner.work());
      return cleaner.isWorking;
    },
    forgetLostLog: () => forgetLostLog(db),
    close: () => closeWriter(db),
  };
}

/** The writer of a file. */
export interface CountsWriter extends StoreWriter {
  /** Forgets that the file was found without its log, once that was told. */
  forgetLostLog(): void;
}

const isOwned = ({ ownerHash }: UserState<number>): boolean => ownerHash !== null;

/** A report with the IDs that its values count under. */
interface Placed extends PlacedReport<number> {
  readonly projectId: number;
}
