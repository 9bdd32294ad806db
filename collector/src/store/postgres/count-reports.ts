import type { CountedReport } from '../../rules/counted-report.js';
import { reportValuesOf, USER_DIMENSIONS, userValuesOf } from '../../rules/dimensions.js';
import { addToUser, foldUsers, type PlacedReport } from '../../rules/fold.js';
import type { Population } from '../takes-value.js';
import { cleanedKey } from './cleaning/cleaned-users-table.js';
import type { Cleaner } from './cleaning/cleaner.js';
import type { Dictionary } from './dictionary.js';
import type { NamedValue } from './named-value.js';
import type { HoursTable } from './hours-table.js';
import type { RecentTable } from './recent-table.js';
import type { RollupsTables } from './rollups-tables.js';
import type { UsersTable } from './users-table.js';

/** The tables that counting changes. */
export interface CountingTables {
  readonly dictionary: Dictionary;
  readonly users: UsersTable;
  readonly rollups: RollupsTables;
  readonly recent: RecentTable;
  readonly hours: HoursTable;
  /** `undefined` while nothing is taken out and no cleaning runs. */
  readonly cleaner: Cleaner | undefined;
}

/** A report with the IDs that its values count under. */
interface Placed extends PlacedReport<number> {
  readonly projectId: number;
}

/** Counts new reports of loaded projects, and writes all that they change. */
export async function countReports(
  tables: CountingTables,
  reports: readonly CountedReport[],
): Promise<void> {
  if (reports.length === 0) return;
  const { dictionary, users, rollups, recent, hours, cleaner } = tables;
  const idOf = ({ project }: CountedReport): number => dictionary.projectId(project);
  await dictionary.loadResolvers(reports.map(idOf));
  const keys = [
    ...new Map(
      reports.map((report) => {
        const key = { projectId: idOf(report), uid: report.uid };
        return [cleanedKey(key), key];
      }),
    ).values(),
  ];
  await dictionary.loadValues(reports.flatMap((report) => valuesOf(report, idOf(report))));
  await users.load(keys);
  await cleaner?.meet(keys);
  const placed = await placeAll(tables, reports);
  for (const { project, uid, state } of foldUsers(placed)) {
    const projectId = dictionary.projectId(project);
    const before = users.find(projectId, uid);
    const after = addToUser(before, state);
    users.write(projectId, uid, after);
    rollups.user(projectId, before, after);
    if (!after.ci) recent.add(projectId, uid, after.lastSeen);
  }
  for (const { report, projectId, said } of placed) {
    hours.add(projectId, report.receivedAt);
    rollups.report(projectId, report.ci, report.day);
    for (const valueId of said) rollups.reportValue(projectId, valueId, report.day);
  }
  await dictionary.flush();
  await users.flush();
  await rollups.write();
  await recent.write();
  // Last: nodes share these rows.
  await hours.write();
}

function valuesOf(report: CountedReport, projectId: number): NamedValue[] {
  const ofUser = userValuesOf(report).map((value, at) => ({
    ...{ projectId, dimension: USER_DIMENSIONS[at] ?? '', value },
  }));
  const ofReport = report.ci ? [] : reportValuesOf(report);
  return [...ofUser, ...ofReport.map(([dimension, value]) => ({ projectId, dimension, value }))];
}

/** Gives values their places in the order of the reports, so that it makes no odds how they are batched. */
async function placeAll(
  { dictionary, users, cleaner }: CountingTables,
  reports: readonly CountedReport[],
): Promise<Placed[]> {
  const people = new Set<string>();
  const farms = reports.filter(({ ci }) => ci);
  const keyOf = ({ project, uid }: CountedReport) => ({
    projectId: dictionary.projectId(project),
    uid,
  });
  const takenOf = farms.length > 0 ? await cleaner?.takenOf(farms.map(keyOf)) : undefined;
  return reports.map((report): Placed => {
    const key = keyOf(report);
    const { projectId } = key;
    const name = farms.length > 0 ? cleanedKey(key) : '';
    if (farms.length > 0 && !report.ci) people.add(name);
    const isPerson = (): boolean =>
      people.has(name) ||
      users.find(projectId, report.uid)?.ci === false ||
      (takenOf?.get(name)?.some(({ ci }) => !ci) ?? false);
    const population = (): Population => (report.ci && !isPerson() ? 'ci' : 'people');
    const values = userValuesOf(report).map((value, at) =>
      dictionary.valueId({ projectId, dimension: USER_DIMENSIONS[at] ?? '', value }, population),
    );
    const said: number[] = [];
    for (const [dimension, value] of report.ci ? [] : reportValuesOf(report)) {
      if (!dictionary.takesDimension(projectId, dimension)) continue;
      said.push(dictionary.valueId({ projectId, dimension, value }));
    }
    return { report, projectId, values, said };
  });
}
