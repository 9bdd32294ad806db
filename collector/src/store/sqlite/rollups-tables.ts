import { type Gap, NEVER_BEFORE, tallyChange, VALUE_WINDOW_DAYS } from '../../rules/tally.js';
import type { UserState } from '../../rules/user-state.js';
import type { Database } from '../../sqlite/database.js';
import {
  addChange,
  addNewest,
  addTotals,
  REPORTS,
  type RollupCounters,
  takeGone,
} from '../add-change.js';

/**
 * The tables of rollups. Changes are gathered and written at the end of a batch, so that a thousand
 * users of one day change one row. Use it inside a transaction.
 */
export interface RollupsTables {
  /** The state of a user has changed; `undefined` means no such user. */
  user(
    projectId: number,
    before: UserState<number> | undefined,
    after: UserState<number> | undefined,
  ): void;
  /**
   * Adds a user to emptied rows: to those that {@link isRebuilt} names, and to totals.
   *
   * @param days - The first day of which all activity is kept, and that of the first cohort.
   */
  rebuildUser(
    projectId: number,
    user: UserState<number>,
    days: { readonly first: number; readonly firstCohort: number },
  ): void;
  /** A user is no longer kept: takes it out of the totals of people, and of no day. */
  userGone(projectId: number, user: UserState<number>): void;
  report(projectId: number, ci: boolean, day: number): void;
  /** A report with a value was counted on a day. */
  reportValue(valueId: number, day: number): void;
  write(): void;
  /** Drops the gathered changes after a rollback. */
  forget(): void;
}

type Row = readonly (string | number)[];

/**
 * Creates the access to the tables on the writing connection.
 *
 * @param hasAll - Whether all tables are there. An older migration may run before the newest of them.
 */
export function createRollupsTables(db: Database, hasAll = true): RollupsTables {
  const totals = createCounter(db, 'totals', ['project_id', 'total']);
  const latest = createCounter(db, 'latest', ['value_id']);
  const gaps = createCounter(db, 'gaps', ['project_id', 'ci', 'day', 'gap']);
  const valueGaps = createCounter(db, 'value_gaps', ['value_id', 'day', 'gap']);
  const ageGaps = hasAll && createCounter(db, 'age_gaps', ['project_id', 'age', 'day', 'gap']);
  const newestVersions = hasAll && createCounter(db, 'newest_versions', ['value_id', 'day']);
  const retention = createCounter(db, 'retention', [
    'project_id',
    '"interval"',
    'cohort',
    'period',
  ]);
  const reportDays = createCounter(db, 'report_days', ['project_id', 'ci', 'day']);
  const reportValues = createCounter(db, 'report_values', ['value_id', 'day']);
  const all = [
    ...[totals, latest, gaps, valueGaps, retention, reportDays, reportValues],
    ...(ageGaps ? [ageGaps] : []),
    ...(newestVersions ? [newestVersions] : []),
  ];

  const ofProject = (projectId: number): RollupCounters => ({
    total: (total, by) => totals.add([projectId, total], by),
    latest: (valueId, by) => latest.add([valueId], by),
    newestVersion: (valueId, day, by) => {
      if (newestVersions) newestVersions.add([valueId, day], by);
    },
    gap: (ci, day, gap, by) => gaps.add([projectId, Number(ci), day, gap], by),
    valueGap: (valueId, day, gap, by) => valueGaps.add([valueId, day, gap], by),
    ageGap: (age, day, gap, by) => {
      if (ageGaps) ageGaps.add([projectId, age, day, gap], by);
    },
    retention: (interval, cohort, period, by) =>
      retention.add([projectId, interval, cohort, period], by),
  });

  return {
    user: (projectId, before, after) => addChange(ofProject(projectId), before, after),
    rebuildUser: (projectId, user, { first, firstCohort }) => {
      const counters = ofProject(projectId);
      addTotals(counters, user, 1);
      if (user.lastDay >= first) addNewest(counters, user, 1);
      tallyChange(undefined, user, {
        gap: (ci, day, gap, by) => {
          if (isRebuilt.gap(first, day, gap)) counters.gap(ci, day, gap, by);
        },
        valueGap: (valueId, day, gap, by) => {
          if (isRebuilt.valueGap(first, day, gap)) counters.valueGap(valueId, day, gap, by);
        },
        ageGap: (age, day, gap, by) => {
          if (isRebuilt.valueGap(first, day, gap)) counters.ageGap(age, day, gap, by);
        },
        retention: (interval, cohort, period, by) => {
          if (period < first || cohort < firstCohort) return;
          counters.retention(interval, cohort, period, by);
        },
      });
    },
    userGone: (projectId, user) => takeGone(ofProject(projectId), user),
    report: (projectId, ci, day) => {
      totals.add([projectId, REPORTS], 1);
      reportDays.add([projectId, Number(ci), day], 1);
    },
    reportValue: (valueId, day) => reportValues.add([valueId, day], 1),
    write: () => {
      for (const counter of all) counter.write();
    },
    forget: () => {
      for (const counter of all) counter.forget();
    },
  };
}

/**
 * Which rows can be rebuilt from the activity since a day: those that depend on no day before it. A
 * value of a person's day is new if no day of the month before has it.
 */
export const isRebuilt = {
  gap: (from: number, day: number, gap: Gap): boolean =>
    day >= from && (gap === NEVER_BEFORE || day - gap >= from),
  valueGap: (from: number, day: number, gap: Gap): boolean =>
    gap === NEVER_BEFORE ? day >= from + VALUE_WINDOW_DAYS : day - gap >= from,
};

interface Counter {
  add(row: Row, by: number): void;
  write(): void;
  forget(): void;
}

/** Changes by the parts of their key, one map in another; the innermost have the numbers. */
type Changes = Map<string | number, Changes | number>;

/** Adds to the column `n` of the row that has a key. */
function createCounter(db: Database, table: string, key: readonly string[]): Counter {
  const marks = [...key, 'n'].map(() => '?').join(', ');
  const upsert = db.prepare(
    `INSERT INTO ${table}(${[...key, 'n'].join(', ')}) VALUES (${marks})
     ON CONFLICT DO UPDATE SET n = n + excluded.n`,
  );
  const changes: Changes = new Map();
  const write = (some: Changes, row: Row): void => {
    for (const [part, change] of some) {
      if (typeof change !== 'number') write(change, [...row, part]);
      else if (change !== 0) upsert.run([...row, part, change]);
    }
  };
  return {
    // A report adds to twenty rows and more: a key of joined texts would cost more than the sums.
    add: (row, by) => {
      let some = changes;
      const last = row.length - 1;
      for (let at = 0; at < last; at++) {
        const part = row[at] ?? '';
        let next = some.get(part);
        if (typeof next !== 'object') some.set(part, (next = new Map()));
        some = next;
      }
      const part = row[last] ?? '';
      const before = some.get(part);
      some.set(part, typeof before === 'number' ? before + by : by);
    },
    write: () => {
      write(changes, []);
      changes.clear();
    },
    forget: () => changes.clear(),
  };
}
