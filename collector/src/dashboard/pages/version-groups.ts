import type {
  VersionGrouping,
  VersionRow,
  VersionShares,
} from '../../../web/page/versions-content.js';
import { rankVersions } from '../../rules/compare-versions.js';

/** How many numbers of a version name its group. */
const NUMBERS = { major: 1, minor: 2, patch: null } as const;

/**
 * The group of a version: `2.x` or `2.3.x`. What begins with no number is a group of its own.
 *
 * @example groupOf('2.3.1', 'minor'); //=> '2.3.x'
 */
export function groupOf(version: string, grouping: VersionGrouping): string {
  const numbers = NUMBERS[grouping];
  if (numbers === null) return version;
  const found = /^v?(\d+)(?:\.(\d+))?/.exec(version);
  if (found === null) return version;
  const [, major = '0', minor = '0'] = found;
  return numbers === 1 ? `${major}.x` : `${major}.${minor}.x`;
}

/** The groups of versions, in the order of their first version. */
export function groupsOf(
  versions: readonly string[],
  grouping: VersionGrouping,
): readonly string[] {
  return [...new Set(versions.map((version) => groupOf(version, grouping)))];
}

/** Adds up the shares of the versions of each group, the latest group first. */
export function groupShares(
  series: readonly VersionShares[],
  grouping: VersionGrouping,
): readonly VersionShares[] {
  const order = rankVersions(series.map(({ version }) => version)).map(({ value }) => value);
  const byVersion = new Map(series.map(({ version, shares }) => [version, shares]));
  return [...membersOf(order, (version) => version, grouping)].map(([group, members]) => {
    const all = members.map((version) => byVersion.get(version) ?? []);
    return { version: group, shares: all.reduce(addShares) };
  });
}

/** What belongs to each group, in the order of their first. */
function membersOf<One>(
  all: readonly One[],
  versionOf: (one: One) => string,
  grouping: VersionGrouping,
): ReadonlyMap<string, readonly One[]> {
  const groups = new Map<string, One[]>();
  for (const one of all) {
    const group = groupOf(versionOf(one), grouping);
    const members = groups.get(group);
    if (members === undefined) groups.set(group, [one]);
    else members.push(one);
  }
  return groups;
}

function addShares(
  some: readonly (number | null)[],
  more: readonly (number | null)[],
): readonly (number | null)[] {
  return some.map((share, at) => {
    const other = more[at] ?? null;
    if (share === null || other === null) return share ?? other;
    return Math.min(1, share + other);
  });
}

/**
 * Adds up the people of each group.
 *
 * @param rows - The latest first. A group has as many people from here on as its oldest version, and
 *   came with it.
 */
export function groupRows(
  rows: readonly Omit<VersionRow, 'halfLifeDays'>[],
  grouping: VersionGrouping,
): readonly Omit<VersionRow, 'halfLifeDays'>[] {
  if (grouping === 'patch') return rows;
  return [...membersOf(rows, ({ version }) => version, grouping)].flatMap(([group, members]) => {
    const oldest = members.findLast(({ peopleFromHere }) => peopleFromHere !== null) ?? members[0];
    if (oldest === undefined) return [];
    return {
      ...oldest,
      version: group,
      people: members.reduce((sum, { people }) => sum + people, 0),
      share: Math.min(
        1,
        members.reduce((sum, { share }) => sum + share, 0),
      ),
      isEnded: members.every(({ isEnded }) => isEnded),
    };
  });
}
