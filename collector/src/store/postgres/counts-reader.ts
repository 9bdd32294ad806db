import type { ReplicaPlace } from '../counts-place.js';
import type { PinnableReader } from '../pinnable-reader.js';
import type { KeptSpan } from '../questions.js';
import type { Answers, Counts, DimensionValue, Questions, StoreReader } from '../store.js';
import { listCleanings } from './cleaning/cleanings-table.js';
import type { Connection } from './connection.js';
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
import { preferReplica } from './prefer-replica.js';
import { type HeldState, openStateSource, readState, type StateSource } from './state-source.js';
import type { StoreAddress } from './store-address.js';

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

/**
 * Opens a store for questions. Its schema must be there.
 *
 * @param replica - Where questions go instead, as long as it has what the node has counted.
 */
export function openPostgresReader(store: StoreAddress, replica?: ReplicaPlace): StoreReader {
  const source = openSource(store, replica, MAX_CONNECTIONS);
  return createReader(
    (work) => readState(source, work),
    () => source.close(),
  );
}

/** Opens a store like {@link openPostgresReader}, for questions between `pin()` and `unpin()`. */
export function openPinnablePostgres(store: StoreAddress, replica?: ReplicaPlace): PinnableReader {
  const source = openSource(store, replica, 1);
  let held: HeldState | undefined;
  const unpin = async (): Promise<void> => {
    const ending = held;
    held = undefined;
    await ending?.end();
  };
  // All is one transaction already.
  const reader = createReader(
    async (work) => {
      if (held === undefined) throw new Error('The state of the counts is not held any more.');
      return work(held.connection);
    },
    async () => {
      // A pool waits for the connections that are in use.
      await unpin();
      await source.close();
    },
  );
  return {
    ...{ reader, unpin },
    pin: async () => {
      held = await source.hold();
      // The transaction has no state before the first read.
      await reader.probe();
    },
  };
}

const openSource = (
  store: StoreAddress,
  replica: ReplicaPlace | undefined,
  max: number,
): StateSource => {
  const primary = openStateSource(store, max);
  return replica === undefined ? primary : preferReplica(primary, replica, max);
};

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
    // Answers of a replica and of the primary are told apart: one may lack what the other has.
    `SELECT md5(string_agg(lane || ' ' || state, ' ' ORDER BY lane) || pg_is_in_recovery()) AS state
     FROM lanes`,
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
