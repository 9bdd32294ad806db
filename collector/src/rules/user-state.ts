import type { IdSource } from 'headcount/wire';
import { mergeActivity, ONE_DAY } from './activity-bits.js';
import type { CountedReport } from './counted-report.js';
import { USER_DIMENSIONS } from './dimensions.js';
import { mergeSaid, saidOn, type SaidValues } from './said-values.js';
import { mergeRuns, type ValuedActivity } from './value-runs.js';

/**
 * The state of one user. `Value` is the type of a dimension's value: a text, or a store's number.
 */
export interface UserState<Value> extends ValuedActivity<Value> {
  /** In milliseconds since 1970. */
  readonly firstSeen: number;
  /** In milliseconds since 1970. */
  readonly lastSeen: number;
  /** The first day with activity, numbered since 1970. */
  readonly firstDay: number;
  /** What the reports said that came from no build farm: their events and fields. */
  readonly said: SaidValues<Value>;
  /** From the newest report. */
  readonly os: Value;
  /** From the newest report. */
  readonly version: Value;
  readonly reports: number;
  /** The largest number of lost reports that the install has reported; see `plausibleLost()`. */
  readonly lost: number;
  /** Whether all reports came from build farms. A user who was a person once stays one. */
  readonly ci: boolean;
  readonly idSource: IdSource | null;
  readonly idPersisted: boolean | null;
  /** The keyed hash of the first owner that a counted report named; `null` if none did. */
  readonly ownerHash: Uint8Array | null;
}

/**
 * Whether a deletion is one of this user's. Between the question of who owns an ID and the answer
 * on disk, the user may have been deleted, and the ID may have got another owner.
 */
export function mayErase(
  { ownerHash }: { readonly ownerHash: Uint8Array | null },
  user: Pick<UserState<unknown>, 'ownerHash'> | undefined,
): boolean {
  if (ownerHash === null || user === undefined) return true;
  return user.ownerHash !== null && Buffer.compare(ownerHash, user.ownerHash) === 0;
}

/** The most lost reports that count for one user, so that sums stay safe integers. */
export const MAX_LOST = 1_000_000;

/** Lost reports that are believed of any user. */
const LEAST_PLAUSIBLE_LOST = 100;

/** Lost reports that are believed for each report that arrived, beyond {@link LEAST_PLAUSIBLE_LOST}. */
const PLAUSIBLE_LOST_PER_REPORT = 10;

/** How many of the lost reports that a user claims are believed: anybody can claim millions. */
export const plausibleLost = ({ lost, reports }: { lost: number; reports: number }): number =>
  Math.min(lost, Math.max(LEAST_PLAUSIBLE_LOST, PLAUSIBLE_LOST_PER_REPORT * reports));

const OS = USER_DIMENSIONS.indexOf('os');
const VERSION = USER_DIMENSIONS.indexOf('version');

/**
 * The state after one report and nothing else.
 *
 * @param values - The report's values, in the order of `USER_DIMENSIONS`.
 * @param said - The values of its event and fields.
 * @throws If a value is missing.
 */
export function userOfReport<Value>(
  report: CountedReport,
  values: readonly Value[],
  said: readonly Value[],
): UserState<Value> {
  const [os, version] = [values[OS], values[VERSION]];
  if (os === undefined || version === undefined) throw new Error('A report has every value.');
  return {
    firstSeen: report.at,
    lastSeen: report.at,
    firstDay: report.day,
    lastDay: report.day,
    bits: ONE_DAY,
    runs: [{ lastDay: report.day, values }],
    said: saidOn(said, report.day),
    os,
    version,
    reports: 1,
    lost: Math.min(report.lostTotal ?? 0, MAX_LOST),
    ci: report.ci,
    idSource: report.idSource,
    idPersisted: report.idPersisted,
    ownerHash: report.ownerHash,
  };
}

/**
 * Merges two states of one user. A late report sets its day's bit and does not replace newer
 * values. The owner is the one of `before`, which is what was received first.
 */
export function mergeUsers<Value>(
  before: UserState<Value>,
  added: UserState<Value>,
): UserState<Value> {
  const newest = added.lastSeen >= before.lastSeen ? added : before;
  const lastDay = Math.max(before.lastDay, added.lastDay);
  return {
    firstSeen: Math.min(before.firstSeen, added.firstSeen),
    lastSeen: newest.lastSeen,
    firstDay: Math.min(before.firstDay, added.firstDay),
    lastDay,
    bits: mergeActivity(before, added),
    runs: mergeRuns(before, added),
    said: mergeSaid(before.said, added.said, lastDay),
    os: newest.os,
    version: newest.version,
    reports: before.reports + added.reports,
    lost: Math.max(before.lost, added.lost),
    ci: before.ci && added.ci,
    idSource: newest.idSource,
    idPersisted: newest.idPersisted,
    ownerHash: before.ownerHash ?? added.ownerHash,
  };
}
