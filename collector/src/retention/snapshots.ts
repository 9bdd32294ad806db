import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DAY_MS } from '../rules/day.js';

/** A copy of a database before a change of its schema. */
interface OldSnapshot {
  readonly path: string;
  readonly bytes: number;
}

/** The names that `takeSnapshot()` gives. */
const SNAPSHOT =
  /^(?:counts|journal)\.db\.before-\d+-(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(\d{3})Z$/;

/** The snapshots in a data folder that were taken before the days that are kept. */
export function findOldSnapshots(folder: string, days: number, now: Date): OldSnapshot[] {
  return readdirSync(folder).flatMap((name) => {
    const takenAt = momentOf(name);
    if (takenAt === undefined || takenAt >= now.getTime() - days * DAY_MS) return [];
    const path = join(folder, name);
    return [{ path, bytes: statSync(path).size }];
  });
}

export function removeSnapshots(snapshots: readonly OldSnapshot[]): void {
  for (const { path } of snapshots) rmSync(path, { force: true });
}

function momentOf(name: string): number | undefined {
  const [, year, month, day, hour, minute, second, ms] = SNAPSHOT.exec(name) ?? [];
  if (year === undefined) return undefined;
  const at = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}.${ms}Z`);
  return Number.isNaN(at) ? undefined : at;
}
