import type { VersionHalf, VersionPart, VersionsNow } from '../../../web/page/overview-content.js';
import { isPreRelease } from '../../rules/compare-versions.js';
import { firstVersionsDate } from '../pages/first-versions-date.js';
import { knownVersions, latestVersions, type Releases } from '../pages/known-versions.js';
import type { SupportAnswer } from './answers.js';

/** Versions that are shown apart: as many as there are colours. */
const MOST_SHOWN = 6;

/** Versions without support that are named. */
const MOST_NAMED = 3;

type Row = SupportAnswer['rows'][number];

/**
 * The versions that people used last, in 28 days.
 *
 * @param releases - All that are known.
 */
export function toVersions({ rows, total, ended }: SupportAnswer, releases: Releases): VersionsNow {
  const present = rows.filter((row) => row.people_from_here !== null).map(({ value }) => value);
  const known = latestVersions(knownVersions(releases, present));
  const shown = new Set(known.slice(-MOST_SHOWN));
  const apart = rows.filter(({ value }) => shown.has(value));
  const people = total - apart.reduce((sum, row) => sum + row.people, 0);
  const [newest, previous] = halvesOf(rows);
  const without = ended.find(({ of }) => of === null);
  return {
    known,
    parts: [
      ...apart.map(({ value, ...row }) => ({
        ...{ version: value, people: row.people, share: row.share },
      })),
      ...(people > 0 ? [{ version: null, people, share: people / total } as VersionPart] : []),
    ],
    newest: newest ?? null,
    previous: previous ?? null,
    ended:
      without === undefined || without.share === null || !rows.some((row) => row.ended === true)
        ? null
        : {
            share: without.share,
            versions: rows
              .filter((row) => row.ended === true)
              .slice(0, MOST_NAMED)
              .map(({ value }) => value),
          },
  };
}

/** How the versions spread that came after the first report, the latest first. */
export function halvesOf(rows: readonly Row[]): readonly (VersionHalf & { date: string })[] {
  const first = firstVersionsDate(rows);
  return rows
    .flatMap(({ value, first_date: date, days_to_half: days }) =>
      date === null || date === first || isPreRelease(value) !== false
        ? []
        : [{ version: value, days, date }],
    )
    .sort((a, b) => (a.date < b.date ? 1 : a.date > b.date ? -1 : 0));
}
