import pg from 'pg';
import type { PinnableReader } from '../pinnable-reader.js';
import type { KeptSpan } from '../questions.js';
import type { Answers, Counts, DimensionValue, Questions, StoreReader } from '../store.js';
import { asStoreError } from './as-store-error.js';
import { listCleanings } from './cleaning/cleanings-table.js';
import { type Connection, connectionOf } from './connection.js';
import type { Ask } from './queries/ask.js';
import { askCrossedDays } from './queries/ask-crossed-days.js';
import { askFirstDays } from './queries/ask-first-days.js';
import { askGaps, askPeopleWindows, askValueGaps } from './queries/ask-gaps.js';
import {
  askDimensions,
  askQuality,
  askReports,
  askReportValues,
  askRetention,
  askSayingDays,
} from './queries/ask-history.js';
import { askHours } from './queries/ask-hours.js';
import { askNewestValues } from './queries/ask-newest-values.js';
import { askFullPlaces, askOverview } from './queries/ask-overview.js';
import { askSummary } from './queries/ask-summary.js';
import { askUnusual } from './queries/ask-unusual.js';
import { askReportWindows, askValuePeople, askValueWindows } from './queries/ask-value-windows.js';
import { findCleaningPage } from './queries/find-cleaning-page.js';
import { findExportPage } from './queries/find-export-page.js';
import { findRecent } from './queries/find-recent.js';
import { areKnown, findOwner, findUser } from './queries/find-user.js';
import { HAS_COUNTS } from './queries/scope.js';
import { clientConfigs } from './client-configs.js';
import type { StoreAddress } from './store-address.js';
import { connectTo } from './writing-connection.js';

const COUNTS: { readonly [Name in keyof Counts]: Ask<Name> } = {
  summary: askSummary,
  gaps: askGaps,
  valueGaps: askValueGaps,
  peopleWindows: askPeopleWindows,
  valueWindows: askValueWindows,
  valuePeople: askValuePeople,
  reportWindows: askReportWindows,
  reports: askReports,
  reportValues: askReportValues,
  newestValues: askNewestValues,
  crossedDays: askCrossedDays,
  firstDays: askFirstDays,
  hours: askHours,
  sayingDays: askSayingDays,
  dimensions: askDimensions,
  fullPlaces: askFullPlaces,
  overview: askOverview,
  retention: askRetention,
  quality: askQuality,
  unusual: askUnusual,
};

/** The same where it is not known which question is asked. */
const ASKED = COUNTS as unknown as Readonly<
  Record<string, (connection: Connection, question: unknown) => Promise<unknown>>
>;

/** Runs work on a connection that is held to one state meanwhile. */
type Snapshot = <Result>(work: (connection: Connection) => Promise<Result>) => Promise<Result>;

/** Connections of a reader at most. */
const MAX_CONNECTIONS = 4;

/** Opens a store for questions. Its schema must be there. */
export function openPostgresReader(store: StoreAddress): StoreReader {
  const [config] = clientConfigs(store);
  const pool = new pg.Pool({ ...config, max: MAX_CONNECTIONS });
  // A connection that nobody uses was lost: the next question opens another.
  pool.on('error', () => undefined);
  // One that is lost in use fails the question: without a listener it would end the process.
  pool.on('connect', (client) => client.on('error', () => undefined));
  const snapshot: Snapshot = async (work) => {
    const client = await pool.connect().catch((error: unknown) => {
      throw asStoreError(error, true);
    });
    const connection = connectionOf(client);
    let failure: Error | undefined;
    try {
      await connection.exec(`BEGIN ${ONE_STATE}`);
      const result = await work(connection);
      await connection.exec('COMMIT');
      return result;
    } catch (error) {
      await connection.exec('ROLLBACK').catch((lost: Error) => (failure = lost));
      throw asStoreError(error, failure !== undefined);
    } finally {
      client.release(failure);
    }
  };
  return createReader(snapshot, () => pool.end());
}

const ONE_STATE = 'ISOLATION LEVEL REPEATABLE READ READ ONLY';

/** Opens a store like {@link openPostgresReader}, for questions between `pin()` and `unpin()`. */
export async function openPinnablePostgres(store: StoreAddress): Promise<PinnableReader> {
  const client = await connectTo({ ...store, needsPrimary: false });
  const connection = connectionOf(client);
  // All is one transaction already.
  const reader = createReader(
    (work) => work(connection),
    () => client.end(),
  );
  return {
    reader,
    pin: async () => {
      await connection.exec(`BEGIN ${ONE_STATE}`);
      // The transaction has no state before the first read.
      await reader.probe();
    },
    unpin: () => connection.exec('COMMIT'),
  };
}

/** Answers questions. */
function createReader(snapshot: Snapshot, close: () => Promise<void>): StoreReader {
  const questions = Object.entries(ASKED).map(([name, ask]) => [
    name,
    (question: unknown) => snapshot((connection) => ask(connection, question)),
  ]);
  return {
    // The entries are those of `COUNTS`; `fromEntries` cannot tell.
    ...(Object.fromEntries(questions) as unknown as Pick<StoreReader, keyof Counts>),
    together: (asked) => snapshot((connection) => answerTogether(connection, asked)),
    recent: (question) => snapshot((connection) => findRecent(connection, question)),
    keptSpans: () =>
      snapshot((connection) =>
        connection.all<KeptSpan>(
          `SELECT what, first_run AS "firstRun", last_run AS "lastRun", days FROM kept_days
           ORDER BY what, first_run`,
        ),
      ),
    saidSince: () => snapshot((connection) => findAbout(connection, 'said_since')),
    countrySince: () => snapshot((connection) => findAbout(connection, 'country_since')),
    agesSince: () => snapshot((connection) => findAbout(connection, 'ages')),
    exportPage: (question) => snapshot((connection) => findExportPage(connection, question)),
    projects: () => snapshot(listProjects),
    owner: (question) => snapshot((connection) => findOwner(connection, question)),
    values: ({ project }) => snapshot((connection) => listValues(connection, project)),
    areKnown: (question) => snapshot((connection) => areKnown(connection, question)),
    user: (question) => snapshot((connection) => findUser(connection, question)),
    cleanings: () => snapshot(listCleanings),
    cleaningPage: (question) => snapshot((connection) => findCleaningPage(connection, question)),
    state: () => snapshot(findState),
    probe: () =>
      snapshot(async (connection) => {
        await connection.get('SELECT count(*) FROM schema_migrations');
      }),
    close,
  };
}

async function findState(connection: Connection): Promise<string> {
  const row = await connection.get<{ state: string | null }>(
    `SELECT md5(string_agg(lane || ' ' || state, ' ' ORDER BY lane)) AS state FROM lanes`,
  );
  return row?.state ?? '';
}

async function listProjects(connection: Connection): Promise<string[]> {
  const rows = await connection.all<{ slug: string }>(
    `SELECT slug FROM projects WHERE ${HAS_COUNTS} ORDER BY slug`,
  );
  return rows.map(({ slug }) => slug);
}

const listValues = (connection: Connection, project: string): Promise<DimensionValue[]> =>
  connection.all<DimensionValue>(
    `SELECT dim AS dimension, value FROM dims
     WHERE project_id = (SELECT id FROM projects WHERE slug = $1)`,
    [project],
  );

async function findAbout(connection: Connection, name: string): Promise<number | null> {
  const row = await connection.get<{ value: string }>('SELECT value FROM about WHERE name = $1', [
    name,
  ]);
  return row === undefined ? null : Number(row.value);
}

async function answerTogether<Asked extends Questions>(
  connection: Connection,
  questions: Asked,
): Promise<Answers<Asked>> {
  const answers: [string, unknown][] = [];
  for (const [name, question] of Object.entries(questions)) {
    answers.push([name, await ASKED[name]?.(connection, question)]);
  }
  return Object.fromEntries(answers) as Answers<Asked>;
}
