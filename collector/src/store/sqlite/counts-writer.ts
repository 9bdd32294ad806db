import type { CountedReport } from '../../counting/counted-report.js';
import { foldQuality, foldUsers } from '../../counting/fold.js';
import { openWriter } from '../../sqlite/database.js';
import type { Deletion, StoreWriter } from '../store.js';
import { createDictionary } from './dictionary.js';
import { migrate } from './migrate.js';
import { createSeenReportsTable } from './seen-reports-table.js';
import { createTombstonesTable } from './tombstones-table.js';
import { createUsersTable } from './users-table.js';

const WAL_PAGES = 16_000;

/** Opens or creates `counts.db` with its one writing connection, and brings its schema up to date. */
export function openCountsWriter(path: string, openedAt: number): StoreWriter {
  const db = openWriter(path, { walPages: WAL_PAGES });
  migrate(db, openedAt);
  const dictionary = createDictionary(db);
  const users = createUsersTable(db);
  const seenReports = createSeenReportsTable(db);
  const tombstones = createTombstonesTable(db);
  const findPosition = db.prepare<{ position: number }>(
    'SELECT position FROM positions WHERE journal_id = ?',
  );
  const writePosition = db.prepare(
    'INSERT OR REPLACE INTO positions(journal_id, position, applied_at) VALUES (?, ?, ?)',
  );
  const addQuality = db.prepare(
    `INSERT INTO quality(project_id, day, kind, n) VALUES (?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET n = n + excluded.n`,
  );
  const position = (journalId: string): number => findPosition.get([journalId])?.position ?? 0;

  const count = (reports: readonly CountedReport[]): void => {
    const counted: CountedReport[] = [];
    const duplicates: CountedReport[] = [];
    const forgotten: CountedReport[] = [];
    for (const report of reports) {
      if (!seenReports.add(report)) duplicates.push(report);
      else if (tombstones.covers(report.uid, report.madeAt)) forgotten.push(report);
      else counted.push(report);
    }

    for (const { project, uid, state } of foldUsers(counted)) {
      const projectId = dictionary.projectId(project);
      users.merge(projectId, uid, {
        ...state,
        os: dictionary.valueId(projectId, 'os', state.os),
        version: dictionary.valueId(projectId, 'version', state.version),
      });
    }
    for (const { project, day, kind, count } of foldQuality(counted, { duplicates, forgotten })) {
      addQuality.run([dictionary.projectId(project), day, kind, count]);
    }
    const newest = reports.reduce((day, { receivedDay }) => Math.max(day, receivedDay), 0);
    seenReports.prune(newest);
    tombstones.prune(newest);
  };
  const erase = (deletions: readonly Deletion[]): void => {
    for (const deletion of deletions) {
      users.erase(deletion.project, deletion.uid);
      tombstones.add(deletion);
    }
  };

  return {
    position,
    apply: ({ journalId, after, upTo, reports, deletions, appliedAt }) => {
      try {
        db.transaction(() => {
          if (after !== position(journalId)) return;
          count(reports);
          erase(deletions);
          writePosition.run([journalId, upTo, appliedAt]);
        });
      } catch (error) {
        dictionary.forget();
        throw error;
      }
    },
    close: () => db.close(),
  };
}
