import { dateOfDay } from '../../src/rules/day.js';
import { nameValues, UNKNOWN, USER_DIMENSIONS } from '../../src/rules/dimensions.js';
import type { ExportPage, ExportQuestion, ExportRow } from '../../src/store/export-rows.js';
import type { StoreReader } from '../../src/store/store.js';
import type { Memory } from './memory.js';
import { bySaid, saidOf } from './said-of.js';

/** Exports everything in one page. */
export async function exportMemory(
  memory: Memory,
  reader: Pick<StoreReader, 'reports'>,
  { what, project }: ExportQuestion,
): Promise<ExportPage> {
  const isIn = (name: string | null): boolean => project === null || name === project;
  const users = [...memory.users.values()]
    .filter((user) => isIn(user.project))
    .sort((a, b) => Buffer.compare(a.uid, b.uid));
  const rows: ExportRow[] = [];
  if (what === 'users') {
    for (const { project: name, uid, state } of users) {
      rows.push({
        project: name,
        uid: uid.toString('hex'),
        first_day: dateOfDay(state.firstDay),
        last_day: dateOfDay(state.lastDay),
        first_seen: new Date(state.firstSeen).toISOString(),
        last_seen: new Date(state.lastSeen).toISOString(),
        os: state.os,
        version: state.version,
        reports: state.reports,
        lost: state.lost,
        ci: state.ci,
        id_source: state.idSource,
        id_persisted: state.idPersisted,
      });
    }
  } else if (what === 'days') {
    for (const { project: name, uid, state, days } of users) {
      for (const day of [...days.keys()].sort((a, b) => a - b)) {
        const values = USER_DIMENSIONS.map((one) => days.get(day)?.get(one) ?? UNKNOWN);
        const head = { project: name, uid: uid.toString('hex'), date: dateOfDay(day) };
        rows.push({ ...head, ci: state.ci, ...nameValues(values) });
      }
    }
  } else if (what === 'events') {
    for (const user of users) {
      const head = { project: user.project, uid: user.uid.toString('hex') };
      for (const { dimension, value, days } of bySaid(saidOf(user))) {
        for (const day of days) rows.push({ ...head, date: dateOfDay(day), dimension, value });
      }
    }
  } else if (what === 'reports') {
    for (const name of [...memory.projects].filter(isIn).sort()) {
      for (const ci of [false, true]) {
        const all = await reader.reports({ project: name, ci, from: -1e6, to: 1e6 });
        for (const { day, n } of all) {
          rows.push({ project: name, date: dateOfDay(day), ci, reports: n });
        }
      }
    }
  } else throw new Error(`The memory store does not export ${what}: it has no such rows.`);
  return { rows, next: null };
}
