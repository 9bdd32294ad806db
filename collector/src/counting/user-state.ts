import type { IdSource } from 'headcount/wire';
import { mergeActivity, ONE_DAY, type ActivityBits } from './activity-bits.js';
import type { CountedReport } from './counted-report.js';

/**
 * What is known of one user. `Value` is how a dimension's value is held: as itself, or as a
 * store's number for it.
 */
export interface UserState<Value> {
  /** In milliseconds since 1970. */
  readonly firstSeen: number;
  /** In milliseconds since 1970. */
  readonly lastSeen: number;
  /** The last day with activity, numbered since 1970. */
  readonly lastDay: number;
  readonly bits: ActivityBits;
  readonly os: Value;
  readonly version: Value;
  readonly reports: number;
  /** Whether every report came from a build farm: whoever was a person once stays one. */
  readonly ci: boolean;
  readonly idSource: IdSource | null;
  readonly idPersisted: boolean | null;
}

/** The state after one report and nothing else. */
export function userOfReport(report: CountedReport): UserState<string> {
  return {
    firstSeen: report.at,
    lastSeen: report.at,
    lastDay: report.day,
    bits: ONE_DAY,
    os: report.os,
    version: report.version,
    reports: 1,
    ci: report.ci,
    idSource: report.idSource,
    idPersisted: report.idPersisted,
  };
}

/**
 * Puts two states of one user together. The order in which reports arrive does not matter: a late
 * one sets its day's bit and leaves what newer ones have said.
 */
export function mergeUsers<Value>(
  before: UserState<Value>,
  added: UserState<Value>,
): UserState<Value> {
  const newest = added.lastSeen >= before.lastSeen ? added : before;
  return {
    firstSeen: Math.min(before.firstSeen, added.firstSeen),
    lastSeen: newest.lastSeen,
    lastDay: Math.max(before.lastDay, added.lastDay),
    bits: mergeActivity(before, added),
    os: newest.os,
    version: newest.version,
    reports: before.reports + added.reports,
    ci: before.ci && added.ci,
    idSource: newest.idSource,
    idPersisted: newest.idPersisted,
  };
}
