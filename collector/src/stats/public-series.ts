import { HIDDEN } from '../access/suppression.js';
import { AGE_DIMENSION } from '../rules/age.js';
import { isOfReports, PEOPLE_DIMENSIONS } from '../rules/dimensions.js';
import { OTHER } from '../rules/limits.js';
import type { Asked, CountsReader } from './define-question.js';
import { readDays, refuseParameter, type Unit } from './parameters.js';
import { lengthOf, PUBLIC_WINDOWS, type PublicCells } from './public-cells.js';
import { type Merged, toLeftOut, toMerged } from './merged.js';
import { toUnusualDays, type UnusualDays } from './unusual.js';
import type { DayWindow } from './windows.js';

/**
 * Ages follow from how many are new and came back, and the level from the people with an event.
 * Both are told besides, so differences would be small groups.
 */
const NEEDS_TOKEN: readonly string[] = [AGE_DIMENSION, 'level'];
const PUBLIC_DIMENSIONS = PEOPLE_DIMENSIONS.filter((name) => !NEEDS_TOKEN.includes(name));

/** A question about a dimension of one project, by somebody without a token. */
export interface PublicQuestion {
  readonly dimension: string;
  readonly unit: Unit;
  /** The name of the parameter with the dimension. */
  readonly parameter: 'dimension' | 'group_by';
  /** As `7d`. */
  readonly window: string;
  /** The days on which windows may end. */
  readonly span: (lastCompleteDay: number) => { readonly from: number; readonly to: number };
  /** Values in the answer at most, `other` besides. */
  readonly limit: number;
}

/** People by the values of a dimension, in windows that follow on each other. */
export interface PublicSeries {
  /** Reports acknowledged before this moment are counted. */
  readonly madeAt: Date;
  readonly windows: readonly DayWindow[];
  /** The people in each window; `null` where they are not shown. */
  readonly totals: readonly (number | null)[];
  /** Most people first, `other` last; `null` in the windows where a group is not shown. */
  readonly groups: readonly {
    readonly group: string;
    readonly values: readonly (number | null)[];
  }[];
  /** In each window, whether the count of the only named group is a lower bound. */
  readonly isShort: readonly boolean[];
  /** What the answer says of `other`, if there is any. */
  readonly merged: { readonly merged?: Merged };
  /** Groups beyond the limit. */
  readonly leftOut: number;
  readonly unusual: UnusualDays;
}

/**
 * Answers what the public sees of a dimension: windows of 1, 7 or 28 days, back from the last
 * complete day, without groups that are too small, by dimensions that nothing else tells of.
 *
 * @throws `bad_parameter` for anything else.
 */
export async function askPublicSeries(
  { project, cells: allCells }: Asked,
  store: Pick<CountsReader, 'together'>,
  { dimension, unit, parameter, window, span, limit }: PublicQuestion,
): Promise<PublicSeries> {
  if (project === null) {
    refuseParameter('project', 'Name one project. Values over several projects need a token.');
  }
  if (unit === 'reports') {
    const detail =
      'Reports by event or field need a token: all of them may be of one person. Ask for people: ' +
      (parameter === 'dimension' ? 'metric=people.' : 'metric=active.');
    refuseParameter(parameter, detail, PUBLIC_DIMENSIONS);
  }
  if (NEEDS_TOKEN.includes(dimension)) {
    refuseParameter(parameter, `People by ${dimension} need a token.`, PUBLIC_DIMENSIONS);
  }
  const length = readPublicWindow(window);
  const cells = allCells?.[dimension];
  if (cells === undefined) throw new Error(`Nobody has counted ${dimension} for the public.`);
  const { from, to } = span(cells.lastDay);
  const indexes = [...cells.windows.entries()]
    .filter(([, one]) => lengthOf(one) === length && one.lastDay >= from && one.lastDay <= to)
    .map(([at]) => at);
  const first = cells.windows[indexes[0] ?? 0]?.firstDay ?? from;
  const days = { project, from: first, to: cells.lastDay };
  const { unusual } = await store.together({ unusual: days });
  const isPartial = isOfReports(dimension);
  return { ...toSeries(cells, indexes, limit, isPartial), unusual: toUnusualDays(unusual) };
}

/** The dimension that a public question needs the cells of, if it may be asked at all. */
export function publicDimensions(
  dimension: string | undefined,
  unit: Unit | undefined,
): readonly string[] {
  if (dimension !== undefined && unit === 'people' && isOfReports(dimension)) return [dimension];
  return PUBLIC_DIMENSIONS.filter((name) => name === dimension);
}

/** Reads the length of a window that the public may ask for, in days. */
export function readPublicWindow(window: string): number {
  const length = PUBLIC_WINDOWS.find((days) => `${days}d` === window);
  if (length !== undefined) return length;
  const allowed = PUBLIC_WINDOWS.map((days) => `${days}d`);
  return refuseParameter('window', 'Without a token, only these can be asked for.', allowed);
}

/** Reads the days of a series that the public may ask for; up to the last complete day by default. */
export function readPublicDays(
  { from, to }: { readonly from: string | undefined; readonly to: string | undefined },
  lastCompleteDay: number,
  today: number,
): { from: number; to: number } {
  const given = { ...(from !== undefined && { from }), ...(to !== undefined && { to }) };
  return readDays(given, 'day', to === undefined ? lastCompleteDay : today);
}

function toSeries(
  { madeAt, windows, totals, groups, k, isShort: isShortIn }: PublicCells,
  indexes: readonly number[],
  limit: number,
  isPartial: boolean,
): Omit<PublicSeries, 'unusual'> {
  const at = <Value>(all: ArrayLike<Value>, fallback: Value): Value[] =>
    indexes.map((index) => all[index] ?? fallback);
  const shown = groups
    .map(({ group, counts }) => {
      const values = at(counts, HIDDEN).map((n) => (n === HIDDEN ? null : n));
      return { group, values, sum: values.reduce((sum: number, n) => sum + (n ?? 0), 0) };
    })
    .filter(({ sum }) => sum > 0);
  const named = shown
    .filter(({ group }) => group !== OTHER)
    .sort((a, b) => b.sum - a.sum || (a.group < b.group ? -1 : 1));
  const isShort = at(isShortIn, false);
  const rest = shown.filter(({ group }) => group === OTHER);
  const short = shortOf(named, isShort);
  const joined = rest.length > 0 ? toMerged(k, short) : {};
  const merged = isPartial ? toLeftOut(k, short) : joined;
  return {
    ...{ madeAt, isShort, merged },
    windows: indexes.flatMap((index) => windows[index] ?? []),
    totals: at(totals, 0).map((n) => (n === HIDDEN ? null : n)),
    groups: [...named.slice(0, limit), ...rest],
    leftOut: Math.max(0, named.length - limit),
  };
}

/** The groups whose counts are lower bounds in some window. */
const shortOf = (
  groups: readonly { readonly group: string; readonly values: readonly (number | null)[] }[],
  isShort: readonly boolean[],
): string[] =>
  groups
    .filter(({ values }) => values.some((n, at) => isShort[at] === true && n !== null && n > 0))
    .map(({ group }) => group);
