import { DRAWN_DAYS, type Morning } from '../morning/morning.js';
import { toPrintable } from '../to-printable.js';
import { wrapText } from '../wrap-text.js';
import { changeText, morningText } from '../morning/morning-text.js';
import { sparkline } from '../morning/sparkline.js';
import { toTable } from '../morning/to-table.js';

/** The counts of a summary that are printed. */
export const COUNTS = [
  'total_users',
  'daily_active_users',
  'weekly_active_users',
  'monthly_active_users',
  'ci_users',
  'total_reports',
] as const;

/** Those of one project. */
export type Counts = Readonly<Record<(typeof COUNTS)[number], number>>;

/** The counts of a project, as the collector gives them. */
export interface Totals extends Counts {
  readonly project: string;
  /** `null` if only build farms have reported; left out where only the totals are shown. */
  readonly last_seen?: string | null;
  /** Whether one of the last 28 days had unusually many new people. */
  readonly unusual?: unknown;
}

/** A project, as it is printed. */
export interface Shown extends Totals {
  /** `null` where the caller may not see it. */
  readonly morning: Morning | null;
}

const NOT_SHOWN = 'not shown';

/** Days that are drawn where many projects are listed. */
const LISTED_DAYS = 14;

const COLUMNS: readonly (readonly [title: string, toText: (shown: Shown) => string])[] = [
  ['project', ({ project }) => toPrintable(project)],
  ['people', ({ total_users: n }) => String(n)],
  ['today', ({ daily_active_users: n }) => String(n)],
  ['7 days', ({ weekly_active_users: n }) => String(n)],
  ['28 days', ({ monthly_active_users: n }) => String(n)],
  ['change', ({ morning }) => changeOf(morning)],
  ['CI', ({ ci_users: n }) => String(n)],
  ['reports', ({ total_reports: n }) => String(n)],
  [
    `last ${LISTED_DAYS} days`,
    ({ morning }) => sparkline((morning?.days ?? []).slice(-LISTED_DAYS).map((day) => day.people)),
  ],
  [
    'last seen (UTC)',
    ({ last_seen: at }) =>
      toPrintable(at === undefined ? NOT_SHOWN : (at ?? 'never'))
        .slice(0, 16)
        .replace('T', ' '),
  ],
];

/** All projects in a table, what should be looked at, and the only project in full. */
export function statsText(shown: readonly Shown[]): string {
  const [only, ...others] = shown;
  const table = toTable([
    COLUMNS.map(([title]) => title),
    ...shown.map((one) => COLUMNS.map(([, toCell]) => toCell(one))),
  ]);
  // On its first day, a project has nothing to be compared.
  const hasDays = only?.morning?.days.some(({ people }) => people > 0) === true;
  const full =
    others.length === 0 && only?.morning && hasDays ? morningText(only.project, only.morning) : '';
  const warnings = shown.flatMap(({ project, morning }) =>
    (morning?.warnings ?? []).map(({ text }) =>
      wrapText(toPrintable(`${project}: ${text}`), '! ', 2),
    ),
  );
  return `${table}${full}${warnings.length === 0 ? '' : `\n${warnings.join('\n')}\n`}`;
}

function changeOf(morning: Morning | null): string {
  if (morning === null) return NOT_SHOWN;
  const month = morning.windows.find(({ days }) => days === DRAWN_DAYS);
  return month === undefined ? '' : changeText(month.change);
}
