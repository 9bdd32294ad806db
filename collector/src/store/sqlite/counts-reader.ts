import { type Database, openReader } from '../../sqlite/database.js';
import type { PinnableReader } from '../pinnable-reader.js';
import type { Answers, Counts, Questions, StoreReader } from '../store.js';
import { prepareCleanings } from './cleaning/cleanings-table.js';
import { prepareCleaningPage } from './queries/cleaning.js';
import { prepareCountrySince } from './country-since.js';
import { COUNTS_SCHEMA } from './migrations/counts-schema.js';
import { prepareKeptSpans } from './kept-days-table.js';
import { prepareAgesSince } from './fill-ages.js';
import { prepareCrossedDays } from './queries/crossed-days.js';
import { prepareExport } from './queries/export.js';
import { prepareFirstDays } from './queries/first-days.js';
import { prepareGapCounts } from './queries/gap-counts.js';
import { prepareHistory } from './queries/history.js';
import { prepareHours } from './queries/hours.js';
import { prepareNewestValues } from './queries/newest-values.js';
import { prepareOverview } from './queries/overview.js';
import { preparePlaces } from './queries/places.js';
import { prepareQuality } from './queries/quality.js';
import { prepareRecent } from './queries/recent.js';
import { HAS_COUNTS } from './queries/scope.js';
import { prepareSayingDays } from './queries/saying-days.js';
import { prepareSummary } from './queries/summary.js';
import { prepareUnusual } from './queries/unusual.js';
import { prepareAreKnown, prepareOwner, prepareUser } from './queries/user.js';
import { prepareValueWindows } from './queries/value-windows.js';

/** When a database that is older got the migration that counts what reports say. */
const SAID_SINCE = `
  SELECT applied_at AS at FROM schema_migrations
  WHERE version = ${1 + COUNTS_SCHEMA.migrations.findIndex(({ name }) => name === 'said')}
    AND applied_at > (SELECT min(applied_at) FROM schema_migrations)`;

/** Opens `counts.db` for questions. Its writer must have been open before. */
export function openCountsReader(path: string): StoreReader {
  return createCountsReader(openReader(path));
}

/** Opens `counts.db` like {@link openCountsReader}, for questions between `pin()` and `unpin()`. */
export function openPinnableReader(path: string): PinnableReader {
  const db = openReader(path);
  // All is one transaction already.
  const reader = createCountsReader({ ...db, snapshot: (work) => work() });
  return {
    reader,
    pin: () => {
      db.exec('BEGIN');
      // The transaction has no state before the first read.
      void reader.probe();
    },
    unpin: () => db.exec('COMMIT'),
  };
}

/** Answers questions on a connection that reads. */
export function createCountsReader(db: Database): StoreReader {
  const probe = db.prepare('SELECT count(*) FROM schema_migrations');
  const projects = db.prepare<{ slug: string }>(
    `SELECT slug FROM projects WHERE ${HAS_COUNTS} ORDER BY slug`,
  );
  const saidSince = db.prepare<{ at: number }>(SAID_SINCE);
  const user = prepareUser(db);
  const exportPage = prepareExport(db);
  const cleaningPage = prepareCleaningPage(db);
  const { fullPlaces, values } = preparePlaces(db);
  const counts: Counts = {
    summary: prepareSummary(db),
    ...prepareGapCounts(db),
    ...prepareHistory(db),
    ...prepareValueWindows(db),
    newestValues: prepareNewestValues(db),
    crossedDays: prepareCrossedDays(db),
    firstDays: prepareFirstDays(db),
    hours: prepareHours(db),
    sayingDays: prepareSayingDays(db),
    fullPlaces,
    overview: prepareOverview(db),
    quality: prepareQuality(db),
    unusual: prepareUnusual(db),
  };
  return {
    ...counts,
    // These take several statements, so they read from one state too.
    gaps: (question) => db.snapshot(() => counts.gaps(question)),
    valueGaps: (question) => db.snapshot(() => counts.valueGaps(question)),
    summary: (question) => db.snapshot(() => counts.summary(question)),
    peopleWindows: (question) => db.snapshot(() => counts.peopleWindows(question)),
    valueWindows: (question) => db.snapshot(() => counts.valueWindows(question)),
    valuePeople: (question) => db.snapshot(() => counts.valuePeople(question)),
    reportWindows: (question) => db.snapshot(() => counts.reportWindows(question)),
    newestValues: (question) => db.snapshot(() => counts.newestValues(question)),
    crossedDays: (question) => db.snapshot(() => counts.crossedDays(question)),
    firstDays: (question) => db.snapshot(() => counts.firstDays(question)),
    hours: (question) => db.snapshot(() => counts.hours(question)),
    sayingDays: (question) => db.snapshot(() => counts.sayingDays(question)),
    values,
    areKnown: prepareAreKnown(db),
    overview: (question) => db.snapshot(() => counts.overview(question)),
    unusual: (question) => db.snapshot(() => counts.unusual(question)),
    owner: prepareOwner(db),
    user: (question) => db.snapshot(() => user(question)),
    together: (questions) => db.snapshot(() => answerTogether(counts, questions)),
    projects: () => projects.all().map(({ slug }) => slug),
    recent: prepareRecent(db),
    cleanings: prepareCleanings(db),
    cleaningPage: (question) => db.snapshot(() => cleaningPage(question)),
    keptSpans: prepareKeptSpans(db),
    countrySince: prepareCountrySince(db),
    saidSince: () => saidSince.get()?.at ?? null,
    agesSince: prepareAgesSince(db),
    exportPage: (question) => db.snapshot(() => exportPage(question)),
    state: () => null,
    probe: () => void probe.get(),
    close: () => db.close(),
  };
}

/** Answers several questions. The caller makes sure that the counts do not change meanwhile. */
export function answerTogether<Asked extends Questions>(
  counts: Counts,
  questions: Asked,
): Answers<Asked> {
  // Types cannot follow that each question is asked by its own name.
  const ask = counts as unknown as Readonly<Record<string, (question: unknown) => unknown>>;
  const answers = Object.entries(questions).map(([name, question]) => [
    name,
    ask[name]?.(question),
  ]);
  return Object.fromEntries(answers) as Answers<Asked>;
}
