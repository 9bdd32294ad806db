import { USER_DIMENSIONS } from '../rules/dimensions.js';
import type { Interval } from '../rules/period.js';
import { type Tally, tallyChange, type Total, totalOf, totalsOf } from '../rules/tally.js';
import { plausibleLost, type UserState } from '../rules/user-state.js';

/** The total that users have no share in. */
export const REPORTS = 'reports' satisfies Total;

/** Adds to the counts of one project that follow from its users. */
export interface RollupCounters extends Omit<Tally<number>, 'retention'> {
  total(total: string, by: number): void;
  /** People by the value of their newest report. */
  latest(valueId: number, by: 1 | -1): void;
  /** People by their last day and the version they ran on it. */
  newestVersion(valueId: number, day: number, by: 1 | -1): void;
  retention(interval: Interval, cohort: number, period: number, by: 1 | -1): void;
}

/** Adds what follows from a change of a user; `undefined` means no such user. */
export function addChange(
  counters: RollupCounters,
  before: UserState<number> | undefined,
  after: UserState<number> | undefined,
): void {
  if (!before || !after || !isSameInTotals(before, after)) {
    if (before) addTotals(counters, before, -1);
    if (after) addTotals(counters, after, 1);
  }
  if (before) addNewest(counters, before, -1);
  if (after) addNewest(counters, after, 1);
  tallyChange(before, after, counters);
}

/** Takes a user that is no longer kept out of the totals of people, and of no day. */
export function takeGone(counters: RollupCounters, user: UserState<number>): void {
  counters.total(totalOf(user), -1);
  addLatest(counters, user, -1);
  addNewest(counters, user, -1);
}

/** Adds a user's share in the totals, or takes it out. */
export function addTotals(counters: RollupCounters, user: UserState<number>, by: 1 | -1): void {
  for (const [total, n] of Object.entries(totalsOf(user))) counters.total(total, by * n);
  addLatest(counters, user, by);
}

/** Adds a person to those with the version of the last day, or takes it out. */
export function addNewest(counters: RollupCounters, user: UserState<number>, by: 1 | -1): void {
  const version = newestVersionOf(user);
  if (version !== undefined) counters.newestVersion(version, user.lastDay, by);
}

function addLatest(counters: RollupCounters, user: UserState<number>, by: 1 | -1): void {
  if (user.ci) return;
  counters.latest(user.os, by);
  counters.latest(user.version, by);
}

const VERSION = USER_DIMENSIONS.indexOf('version');

/** What a person ran on the last day; `undefined` if that is not kept, and of build farms. */
const newestVersionOf = ({ ci, runs }: UserState<number>): number | undefined =>
  ci ? undefined : runs.at(-1)?.values[VERSION];

/** Whether a user's share in the totals is the same as before, as after nearly every report. */
const isSameInTotals = (before: UserState<number>, after: UserState<number>): boolean =>
  before.os === after.os &&
  before.version === after.version &&
  before.ci === after.ci &&
  before.lost === after.lost &&
  plausibleLost(before) === plausibleLost(after) &&
  totalOf(before) === totalOf(after);
