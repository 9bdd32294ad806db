import type { Static } from 'typebox';
import {
  VERSION_GROUPINGS,
  type VersionDays,
  type VersionGrouping,
  type VersionRow,
  type VersionShares,
  type VersionsContent,
  type VersionSupport,
} from '../../../web/page/versions-content.js';
import { rankVersions } from '../../rules/compare-versions.js';
import { dateOfDay, dayOfDate } from '../../rules/day.js';
import type { adoptionSchema } from '../../stats/adoption-route.js';
import type { supportSchema } from '../../stats/support-route.js';
import { type Asked, type Gather, RefusedError } from '../gather.js';
import type { Breakdown } from './ask-values.js';
import { firstVersionsDate } from './first-versions-date.js';
import { halfLifeDays } from './half-life.js';
import { askReleases, knownVersions, latestVersions, VERSIONS_QUESTION } from './known-versions.js';
import { groupOf, groupRows, groupShares, groupsOf } from './version-groups.js';

type Adoption = Static<typeof adoptionSchema>;
type Support = Static<typeof supportSchema>;

/** On one day nobody has two versions, so that the shares of its versions add up to all. */
const WINDOW = '1d';

/** The bounds of `GET /v1/stats/adoption`. */
const [MOST_DAYS, MOST_ROWS, MOST_VERSIONS] = [400, 10_000, 50];

const SUPPORT_WINDOW_DAYS = Number.parseInt(VERSIONS_QUESTION.window, 10);

/** Versions in the table without a wish for all: those with most people. */
const MOST_LISTED = 100;

/** What `csv` and `all` name the table of all versions by. */
const TABLE = 'versions';

export const gatherVersions: Gather = async (asked): Promise<VersionsContent> => {
  const { query, view } = asked;
  const grouping =
    VERSION_GROUPINGS.find((one): one is VersionGrouping => one === query['group']) ?? 'patch';
  const showsAll = query['all'] === TABLE;
  const isWhole = showsAll || query['csv'] === TABLE || grouping !== 'patch';
  // One after the other, as they are answered anyway: a question that waits for a long one is refused.
  const support = await askSupport(asked);
  const adoption = await askAdoption(asked);
  const releases = await askReleases(asked);
  const known = knownVersions(
    releases,
    support.rows.map(({ version }) => version),
  );
  const listed = isWhole ? support : withMostPeople(support);
  const patches = toSeries(adoption);
  const shown = withOthers(groupShares(patches, grouping));
  const shares = new Map(shown.map((one) => [one.version, one.shares]));
  const dates = [...new Set(adoption.rows.map(({ date }) => date))];
  const linesOf = ({ rows }: AskedSupport): readonly VersionRow[] =>
    groupRows(rows, grouping).map((row) => ({
      ...row,
      halfLifeDays: halfLifeDays(shares.get(row.version) ?? []),
    }));
  const find = (query['find'] ?? '').trim();
  return {
    page: 'versions',
    ...{ view, grouping, showsAll },
    known: latestVersions(groupsOf(known, grouping)),
    days: {
      dates,
      lastIsRunning: adoption.rows.at(-1)?.complete === false,
      series: shown,
      releases: firstOfGroups(releases.rows, grouping).filter(({ date }) => dates.includes(date)),
      mergedBelow: adoption.merged?.below ?? null,
    },
    support: {
      ...listed,
      rows: linesOf(listed),
    },
    find: find === '' ? null : find,
    found: find === '' ? null : linesOf(support).filter(({ version }) => isFound(version, find)),
    fromVersion: query['from_version'] ?? null,
  };
};

/** Leaves out the versions with fewest people, where there are many. */
function withMostPeople(support: AskedSupport): AskedSupport {
  const { rows, leftOut } = support;
  const most = new Set(rows.toSorted((a, b) => b.people - a.people).slice(0, MOST_LISTED));
  return {
    ...support,
    rows: rows.filter((row) => most.has(row)),
    leftOut: leftOut + rows.length - most.size,
  };
}

const isFound = (version: string, part: string): boolean =>
  version.toLowerCase().includes(part.toLowerCase());

type AskedSupport = Omit<VersionSupport, 'rows'> & { readonly rows: readonly AskedRow[] };

type AskedRow = Omit<VersionRow, 'halfLifeDays'>;

/** Asks whom the support of versions covers; what people had at all, if that takes too long. */
async function askSupport({
  ask,
  need,
  project,
}: Pick<Asked, 'ask' | 'need' | 'project'>): Promise<AskedSupport> {
  const answer = await ask('/v1/stats/support', { project, ...VERSIONS_QUESTION });
  if (!answer.ok && answer.code !== 'too_costly') throw new RefusedError(answer);
  const common = { windowDays: SUPPORT_WINDOW_DAYS, isRough: !answer.ok };
  if (answer.ok) {
    // The route's schema says so, and its answers are of this process.
    const { total, rows, values_left_out: leftOut } = answer.body as Support;
    const first = firstVersionsDate(rows);
    return { ...common, total, leftOut, rows: rows.map((row) => toRow(row, first)) };
  }
  const of = { dimension: 'version', metric: 'people', ...VERSIONS_QUESTION };
  const {
    total,
    rows,
    values_left_out: leftOut,
  } = await need<Breakdown>('/v1/stats/breakdown', of);
  const byVersion = new Map(rows.map((row) => [row.value, row]));
  return {
    ...common,
    ...{ total: total ?? 0, leftOut },
    rows: rankVersions([...byVersion.keys()]).map(({ value: version }) => ({
      ...{ version, people: byVersion.get(version)?.count ?? 0 },
      share: byVersion.get(version)?.share ?? 0,
      ...{ peopleFromHere: null, shareFromHere: null, firstDate: null, daysToHalf: null },
      isEnded: false,
    })),
  };
}

async function askAdoption({ need, view }: Asked): Promise<Adoption> {
  const last = dayOfDate(view.to) ?? 0;
  const first = Math.max(dayOfDate(view.from) ?? 0, last - MOST_DAYS + 1);
  const most = Math.min(MOST_VERSIONS, Math.floor(MOST_ROWS / (last - first + 1)));
  return need<Adoption>('/v1/stats/adoption', {
    ...{ from: dateOfDay(first), to: view.to, window: WINDOW },
    limit: String(most),
  });
}

/** The shares of each version, day by day; `null` where it has no row, and on days without anybody. */
function toSeries({ rows, values }: Adoption): readonly VersionShares[] {
  const days = [...new Set(rows.map(({ date }) => date))];
  const places = new Map(days.map((date, at) => [date, at]));
  const isSeen = days.map(() => false);
  const series = new Map(
    values.map(({ value }) => [value, days.map((): number | null => null)] as const),
  );
  for (const { date, value, people, share } of rows) {
    const at = places.get(date) ?? 0;
    const shares = series.get(value);
    if (shares !== undefined) shares[at] = share;
    if (people > 0) isSeen[at] = true;
  }
  return [...series].map(([version, shares]) => ({
    version,
    shares: shares.map((share, at) => (isSeen[at] === true ? share : null)),
  }));
}

/** What the versions in the answer leave of each day: it belongs to those beyond its limit. */
function withOthers(series: readonly VersionShares[]): VersionDays['series'] {
  const [first] = series;
  if (first === undefined) return [];
  const rest = first.shares.map((_, at) => {
    const known = series.flatMap(({ shares }) => shares[at] ?? []);
    if (known.length === 0) return null;
    const left = 1 - known.reduce((sum, share) => sum + share, 0);
    // Sums of shares are inexact.
    return left > 1e-9 ? left : 0;
  });
  if (rest.every((share) => share === null || share === 0)) return series;
  const other = series.find(({ version }) => version === OTHER);
  const others = rest.map((share, at) =>
    share === null ? null : share + (other?.shares[at] ?? 0),
  );
  return [...series.filter(({ version }) => version !== OTHER), { version: OTHER, shares: others }];
}

const OTHER = 'other';

const toRow = (row: Support['rows'][number], first: string | undefined): AskedRow => ({
  version: row.value,
  people: row.people,
  share: row.share,
  peopleFromHere: row.people_from_here,
  shareFromHere: row.share_from_here,
  firstDate: row.first_date,
  daysToHalf: row.first_date === first ? null : row.days_to_half,
  isEnded: row.ended === true,
});

/** The first release of each group. */
function firstOfGroups(
  releases: Awaited<ReturnType<typeof askReleases>>['rows'],
  grouping: VersionGrouping,
): VersionDays['releases'] {
  const first = new Map<string, VersionDays['releases'][number]>();
  for (const { date, version, prerelease } of releases) {
    if (version === null) continue;
    const group = groupOf(version, grouping);
    if (grouping !== 'patch' && prerelease === true) continue;
    if (!first.has(group)) first.set(group, { date, version: group });
  }
  return [...first.values()];
}
