import type { UserState } from '../../rules/user-state.js';
import { addChange, REPORTS, type RollupCounters, takeGone } from '../add-change.js';
import type { Connection } from './connection.js';

/**
 * The tables of rollups. Changes are gathered and written at the end of a batch, into the lane of
 * the node. Use it inside a transaction.
 */
export interface RollupsTables {
  /** The state of a user has changed; `undefined` means no such user. */
  user(
    projectId: number,
    before: UserState<number> | undefined,
    after: UserState<number> | undefined,
  ): void;
  /** A user is no longer kept: takes it out of the totals of people, and of no day. */
  userGone(projectId: number, user: UserState<number>): void;
  report(projectId: number, ci: boolean, day: number): void;
  /** A report with a value was counted on a day. */
  reportValue(projectId: number, valueId: number, day: number): void;
  /** Adds to the quality counts; project 0 is that of reports without one. */
  quality(projectId: number, day: number, kind: string, by: number): void;
  /** Corrects the days of a value by gap. */
  valueGap(projectId: number, valueId: number, day: number, gap: number, by: number): void;
  write(): Promise<void>;
  /** Drops the gathered changes after a rollback. */
  forget(): void;
}

/** The columns of each key besides the project and the lane, with their types. */
const KEYS = {
  totals: { total: 'text' },
  latest: { value_id: 'int' },
  newest_versions: { value_id: 'int', day: 'int' },
  gaps: { ci: 'int2', day: 'int', gap: 'int2' },
  value_gaps: { value_id: 'int', day: 'int', gap: 'int2' },
  age_gaps: { age: 'int2', day: 'int', gap: 'int2' },
  retention: { '"interval"': 'text', cohort: 'int', period: 'int' },
  report_days: { ci: 'int2', day: 'int' },
  report_values: { value_id: 'int', day: 'int' },
  quality: { day: 'int', kind: 'text' },
} as const satisfies Record<string, Readonly<Record<string, string>>>;

/** A table of counts. */
export type Rollup = keyof typeof KEYS;

export const ROLLUPS = Object.keys(KEYS) as readonly Rollup[];

/** The columns of a rollup's key, without the lane. */
export const keyOfRollup = (table: Rollup): string[] => ['project_id', ...Object.keys(KEYS[table])];

type Row = readonly (string | number)[];

/** Creates the access to the tables. */
export function createRollupsTables(connection: Connection, lane: () => number): RollupsTables {
  const counter = (table: Rollup): Counter => createCounter(connection, table, lane);
  const totals = counter('totals');
  const latest = counter('latest');
  const newestVersions = counter('newest_versions');
  const gaps = counter('gaps');
  const valueGaps = counter('value_gaps');
  const ageGaps = counter('age_gaps');
  const retention = counter('retention');
  const reportDays = counter('report_days');
  const reportValues = counter('report_values');
  const quality = counter('quality');
  const all = [
    ...[totals, latest, newestVersions, gaps, valueGaps, ageGaps, retention],
    ...[reportDays, reportValues, quality],
  ];
  const ofProject = (projectId: number): RollupCounters => ({
    total: (total, by) => totals.add([projectId, total], by),
    latest: (valueId, by) => latest.add([projectId, valueId], by),
    newestVersion: (valueId, day, by) => newestVersions.add([projectId, valueId, day], by),
    gap: (ci, day, gap, by) => gaps.add([projectId, Number(ci), day, gap], by),
    valueGap: (valueId, day, gap, by) => valueGaps.add([projectId, valueId, day, gap], by),
    ageGap: (age, day, gap, by) => ageGaps.add([projectId, age, day, gap], by),
    retention: (interval, cohort, period, by) =>
      retention.add([projectId, interval, cohort, period], by),
  });
  return {
    user: (projectId, before, after) => addChange(ofProject(projectId), before, after),
    userGone: (projectId, user) => takeGone(ofProject(projectId), user),
    report: (projectId, ci, day) => {
      totals.add([projectId, REPORTS], 1);
      reportDays.add([projectId, Number(ci), day], 1);
    },
    reportValue: (projectId, valueId, day) => reportValues.add([projectId, valueId, day], 1),
    quality: (projectId, day, kind, by) => quality.add([projectId, day, kind], by),
    valueGap: (projectId, valueId, day, gap, by) =>
      valueGaps.add([projectId, valueId, day, gap], by),
    write: async () => {
      for (const one of all) await one.write();
    },
    forget: () => {
      for (const one of all) one.forget();
    },
  };
}

/** Changes by the parts of their keys: joined to a text, keys would cost more than anything else here. */
interface Changes {
  of: Map<string | number, Changes> | undefined;
  by: number;
}

const rowsOf = ({ of, by }: Changes, row: Row): { readonly row: Row; readonly by: number }[] =>
  of === undefined
    ? [{ row, by }]
    : [...of].flatMap(([part, changes]) => rowsOf(changes, [...row, part]));

interface Counter {
  add(row: Row, by: number): void;
  write(): Promise<void>;
  forget(): void;
}

/** Adds to the column `n` of the row that has a key. */
function createCounter(connection: Connection, table: Rollup, lane: () => number): Counter {
  const names = keyOfRollup(table);
  const types = ['int', ...Object.values(KEYS[table])];
  const list = names.join(', ');
  const arrays = types.map((type, at) => `$${at + 1}::${type}[]`).join(', ');
  const upsert = `
    INSERT INTO ${table}(${list}, lane, n)
    SELECT ${list}, $${names.length + 2}::int2, n
    FROM unnest(${arrays}, $${names.length + 1}::int8[]) AS k(${list}, n)
    ON CONFLICT (${list}, lane) DO UPDATE SET n = ${table}.n + excluded.n`;
  const changes: Changes = { of: undefined, by: 0 };
  return {
    add: (row, by) => {
      let one = changes;
      for (const part of row) {
        let next = one.of?.get(part);
        if (next === undefined) (one.of ??= new Map()).set(part, (next = { of: undefined, by: 0 }));
        one = next;
      }
      one.by += by;
    },
    write: async () => {
      const rows = rowsOf(changes, []).filter(({ by }) => by !== 0);
      changes.of = undefined;
      if (rows.length === 0) return;
      rows.sort((a, b) => compareRows(a.row, b.row));
      const columns = names.map((_, at) => rows.map(({ row }) => row[at]));
      await connection.run(upsert, [...columns, rows.map(({ by }) => by), lane()]);
    },
    forget: () => {
      changes.of = undefined;
    },
  };
}

/** In the order of keys: pages are visited once. */
function compareRows(a: Row, b: Row): number {
  for (const [at, part] of a.entries()) {
    const other = b[at] ?? part;
    if (part !== other) return part < other ? -1 : 1;
  }
  return 0;
}
