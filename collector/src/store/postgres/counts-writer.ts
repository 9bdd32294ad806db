import type { CountedReport } from '../../rules/counted-report.js';
import { countryDaysOf } from '../../rules/dimensions.js';
import { type FoldedQuality, foldQuality } from '../../rules/fold.js';
import { DEFAULT_RETENTION, type Retention } from '../../rules/retention-classes.js';
import { REMEMBERED_DAYS, TOMBSTONE_DAYS } from '../../rules/limits.js';
import { mayErase, type UserState } from '../../rules/user-state.js';
import { NO_PROJECT } from '../no-project.js';
import type { Batch, Deletion, StoreWriter } from '../store.js';
import { cleanedKey } from './cleaning/cleaned-users-table.js';
import { createCleaner } from './cleaning/cleaner.js';
import { closeDay } from './closing-days.js';
import { enterGate } from './counting-gate.js';
import { countReports } from './count-reports.js';
import { createDictionary } from './dictionary.js';
import { createDrop } from './drop-rows.js';
import { createFold } from './fold-lanes.js';
import { createHoursTable } from './hours-table.js';
import { createRecentTable } from './recent-table.js';
import { NO_DAY } from './no-day.js';
import { createNodeMarking, type NodeMark } from './node-mark.js';
import { noteCountrySince } from './note-country-since.js';
import { RetryError } from './retry-error.js';
import { createRollupsTables } from './rollups-tables.js';
import { createSeenReportsTable } from './seen-reports-table.js';
import { createTombstonesTable, uidKey } from './tombstones-table.js';
import { createUsersTable } from './users-table.js';
import { openWritingConnection, type WriterAddress } from './writing-connection.js';

/** How a writer counts. */
export interface WriterOptions {
  /** For how many days keys and tombstones are kept. */
  readonly kept?: Pick<Retention, 'keys' | 'tombstones'>;
  /** Users that a slice of a cleaning looks at. */
  readonly sliceUsers?: number;
  /**
   * Whether a connection that was opened anew stops the writer until `accept()`: the server may be
   * another one, which has counted less.
   */
  readonly stopsAnew?: boolean;
}

/** The writer of a node. */
export interface NodeWriter extends StoreWriter {
  /** Lets it go on after a `StoreChangedError`. */
  accept(): void;
  /** What a replica must have to have all that this writer has written. */
  readonly mark: NodeMark;
}

/**
 * What one transaction needs to know before it changes anything: read in one go, since each
 * statement is a way to the server and back.
 */
interface Beginning {
  readonly position: number | null;
  readonly newest: number | null;
  readonly running: boolean;
  readonly taken: boolean;
  readonly tombs: boolean;
}

const BEGIN = `
  SELECT (SELECT position FROM positions WHERE journal_id = $1) AS position,
    (SELECT max(newest_day) FROM positions) AS newest,
    EXISTS(SELECT 1 FROM cleanings WHERE state IN ('taking', 'undoing', 'expiring')) AS running,
    EXISTS(SELECT 1 FROM cleaned_users) OR EXISTS(SELECT 1 FROM cleaned_said) AS taken,
    EXISTS(SELECT 1 FROM tombstones) AS tombs`;

/** Opens the writer of a node. The schema must be there. */
export async function openPostgresWriter(
  address: WriterAddress,
  { kept = DEFAULT_RETENTION, sliceUsers, stopsAnew = false }: WriterOptions = {},
): Promise<NodeWriter> {
  const writing = await openWritingConnection(address, stopsAnew);
  const { connection, transaction, onForget, lane, accept, close } = writing;
  const marking = createNodeMarking(writing, address.node);
  const dictionary = createDictionary(connection);
  const users = createUsersTable(connection, (projectId) => dictionary.resolverOf(projectId));
  const rollups = createRollupsTables(connection, lane);
  const recent = createRecentTable(connection, lane);
  const hours = createHoursTable(connection);
  const seenReports = createSeenReportsTable(connection, kept.keys ?? REMEMBERED_DAYS);
  const tombstones = createTombstonesTable(connection, kept.tombstones ?? TOMBSTONE_DAYS);
  const cleaner = createCleaner(connection, { dictionary, users, rollups, recent }, sliceUsers);
  onForget({
    afterTransaction: () => {
      users.forget();
      dictionary.endTransaction();
    },
    afterFailure: () => {
      for (const one of [dictionary, users, rollups, recent, hours, seenReports]) one.forget();
    },
  });

  const count = async (batch: Batch, begun: Beginning, isAlone: boolean): Promise<void> => {
    const { reports } = batch;
    if (reports.length === 0) return;
    const newest = begun.newest ?? -Infinity;
    const fresh = await seenReports.add(reports, newest);
    const deletedAt = begun.tombs
      ? await tombstones.find(reports.map(({ uid }) => uid))
      : new Map<string, number>();
    const isForgotten = ({ uid, madeAt }: CountedReport): boolean =>
      madeAt <= (deletedAt.get(uidKey(uid)) ?? -Infinity);
    const duplicates = reports.filter((_, at) => !fresh.has(at));
    const unique = reports.filter((_, at) => fresh.has(at));
    const forgotten = unique.filter(isForgotten);
    const counted = unique.filter((report) => !isForgotten(report));
    const tables = {
      ...{ dictionary, users, rollups, recent, hours },
      cleaner: begun.running || begun.taken ? cleaner : undefined,
    };
    let sinceClosing: CountedReport[] = [];
    for (const report of counted) {
      const projectId = dictionary.projectId(report.project);
      if (report.receivedDay > dictionary.newestDay(projectId)) {
        if (!isAlone) throw new RetryError('The day of a project closes.', true);
        await countReports(tables, sinceClosing);
        sinceClosing = [];
        const { project: slug, receivedDay } = report;
        await closeDay(connection, dictionary, { projectId, slug, receivedDay });
        users.forget();
      }
      sinceClosing.push(report);
    }
    await countReports(tables, sinceClosing);
    await noteCountrySince(connection, countryDaysOf(counted));
    addQuality(foldQuality(counted, { duplicates, forgotten }));
    const today = reports.reduce((day, { receivedDay }) => Math.max(day, receivedDay), 0);
    await seenReports.prune(today, reports.length);
    if (begun.tombs) await tombstones.prune(today);
  };
  const addQuality = (quality: readonly FoldedQuality[]): void => {
    for (const { project, day, kind, count: n } of quality) {
      const projectId = project === null ? NO_PROJECT : dictionary.projectId(project);
      rollups.quality(projectId, day, kind, n);
    }
  };
  const erase = async (deletion: Deletion): Promise<void> => {
    const { uid } = deletion;
    const projectId = await dictionary.findProjectId(deletion.project);
    if (projectId !== undefined) {
      const key = { projectId, uid };
      await dictionary.loadResolvers([projectId]);
      await users.load([key]);
      await cleaner.meet([key]);
      const user = users.find(projectId, uid);
      const taken = (await cleaner.takenOf([key])).get(cleanedKey(key)) ?? [];
      const parts = [...taken, ...(user ? [user] : [])];
      if (!mayErase(deletion, parts.find(isOwned) ?? parts[0])) return;
      rollups.user(projectId, user, undefined);
      await cleaner.erase(projectId, uid);
      users.erase(projectId, uid);
      await users.flush();
      await recent.erase(projectId, uid);
    }
    await tombstones.add(deletion);
  };
  const move = async (batch: Batch): Promise<void> => {
    const { journalId, upTo, appliedAt, reports } = batch;
    const newest = reports.reduce((day, one) => Math.max(day, one.receivedDay), NO_DAY);
    await connection.run(
      `UPDATE positions SET position = $2, applied_at = greatest(applied_at, $3),
         newest_day = greatest(newest_day, $4) WHERE journal_id = $1`,
      [journalId, upTo, appliedAt ?? 0, newest],
    );
  };
  const applyOnce = async (batch: Batch, isAlone: boolean): Promise<void> => {
    const { journalId, after, reports, deletions, cleanings = [], quality = [] } = batch;
    await enterGate(connection, isAlone);
    await connection.run(
      `INSERT INTO positions(journal_id, position, applied_at, newest_day)
       VALUES ($1, 0, 0, ${NO_DAY}) ON CONFLICT DO NOTHING`,
      [journalId],
    );
    await connection.run('SELECT FROM positions WHERE journal_id = $1 FOR UPDATE', [journalId]);
    const begun = await connection.get<Beginning>(BEGIN, [journalId]);
    if (begun === undefined || (begun.position ?? 0) !== after) return;
    if (begun.running && !isAlone) throw new RetryError('A cleaning is running.', true);
    const slugs = [...reports, ...quality].flatMap(({ project }) => project ?? []);
    await dictionary.loadProjects(slugs);
    await count(batch, begun, isAlone);
    addQuality(quality);
    await rollups.write();
    for (const deletion of deletions) await erase(deletion);
    await rollups.write();
    for (const step of cleanings) await cleaner.begin(step);
    await move(batch);
  };

  return {
    accept,
    get mark() {
      return marking.mark;
    },
    position: (journalId) =>
      transaction(async () => {
        const row = await connection.get<{ position: number }>(
          'SELECT position FROM positions WHERE journal_id = $1',
          [journalId],
        );
        return row?.position ?? 0;
      }),
    apply: (batch) => {
      const { deletions, cleanings = [] } = batch;
      const isRare = deletions.length > 0 || cleanings.length > 0;
      return marking.transaction((isAlone) => applyOnce(batch, isAlone || isRare));
    },
    hasWork: () => transaction(() => cleaner.isWorking()),
    work: () =>
      marking.transaction(async () => {
        await enterGate(connection, true);
        await cleaner.work();
        return cleaner.isWorking();
      }),
    drop: createDrop({
      ...{ connection, dictionary, users, rollups, recent },
      transaction: marking.transaction,
      enter: () => enterGate(connection, false),
    }),
    fold: createFold({ connection, transaction, enter: () => enterGate(connection, false) }),
    // The server gives room back by itself.
    giveBack: () => ({ bytes: 0, isDone: true }),
    close,
  };
}

const isOwned = ({ ownerHash }: UserState<number>): boolean => ownerHash !== null;
