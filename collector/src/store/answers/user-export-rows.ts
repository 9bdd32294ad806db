import { activeDays } from '../../rules/activity-bits.js';
import { dateOfDay } from '../../rules/day.js';
import { nameValues } from '../../rules/dimensions.js';
import type { UserState } from '../../rules/user-state.js';
import { valuesOn } from '../../rules/value-runs.js';
import type { ExportRow } from '../export-rows.js';
import type { SaidValue } from '../questions.js';

/** A user as it is exported. */
export interface ExportedUser {
  readonly project: string;
  /** The user's hash. */
  readonly uid: Buffer;
  readonly user: UserState<number>;
}

/** The row of a user in the export of users. */
export function toUserRow(
  { project, uid, user }: ExportedUser,
  { os, version }: { readonly os: string; readonly version: string },
): ExportRow {
  return {
    project,
    uid: uid.toString('hex'),
    first_day: dateOfDay(user.firstDay),
    last_day: dateOfDay(user.lastDay),
    first_seen: new Date(user.firstSeen).toISOString(),
    last_seen: new Date(user.lastSeen).toISOString(),
    os,
    version,
    reports: user.reports,
    lost: user.lost,
    ci: user.ci,
    id_source: user.idSource,
    id_persisted: user.idPersisted,
  };
}

/** The rows of a user in the export of days. */
export const toDayRows = (
  { project, uid, user }: ExportedUser,
  nameOfValue: (id: number) => string,
): ExportRow[] =>
  activeDays(user).map((day) => ({
    project,
    uid: uid.toString('hex'),
    date: dateOfDay(day),
    ci: user.ci,
    ...nameValues(valuesOn(user.runs, day).map(nameOfValue)),
  }));

/** The rows of a user in the export of events. */
export const toEventRows = (
  { project, uid }: ExportedUser,
  said: readonly SaidValue[],
): ExportRow[] =>
  said.flatMap(({ dimension, value, days }) =>
    days.map((day) => ({
      project,
      uid: uid.toString('hex'),
      date: dateOfDay(day),
      dimension,
      value,
    })),
  );
