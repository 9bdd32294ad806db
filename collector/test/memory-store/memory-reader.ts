import { ACTIVITY_DAYS } from '../../src/rules/activity-bits.js';
import type { QualityKind } from '../../src/rules/counted-report.js';
import { nameValues, UNKNOWN, USER_DIMENSIONS } from '../../src/rules/dimensions.js';
import { periodOf } from '../../src/rules/period.js';
import {
  type Gap,
  LONG_AGO,
  NEVER_BEFORE,
  type Total,
  totalsOf,
  VALUE_WINDOW_DAYS,
} from '../../src/rules/tally.js';
import { findFullPlaces } from '../../src/store/full-places.js';
import type {
  CountedDays,
  CountedUser,
  Scope,
  Share,
  UnusualDay,
} from '../../src/store/questions.js';
import { answerTogether } from '../../src/store/sqlite/counts-reader.js';
import type { Counts, StoreReader } from '../../src/store/store.js';
import { type Memory, memoryKey, type StoredUser } from './memory.js';

/** Answers questions by counting everything anew each time. */
export function createMemoryReader(memory: Memory): StoreReader {
  const within = ({ project }: Scope): StoredUser[] =>
    [...memory.users.values()].filter((user) => project === null || user.project === project);
  const reportsOf = ({ project }: Scope) =>
    memory.reports.filter((report) => project === null || report.project === project);

  const counts: Counts = {
    summary: ({ project, day }) => {
      const all = within({ project });
      const people = all.filter(isPerson);
      const active = (length: number): number =>
        people.filter(({ days }) =>
          [...days.keys()].some((one) => one <= day && one > day - length),
        ).length;
      return {
        totalUsers: people.length,
        dailyActiveUsers: active(1),
        weeklyActiveUsers: active(7),
        monthlyActiveUsers: active(28),
        certainUsers: total(people, 'certain'),
        likelyUsers: total(people, 'likely'),
        ephemeralUsers: total(people, 'ephemeral'),
        ciUsers: all.length - people.length,
        totalReports: reportsOf({ project }).length,
        lostReports: total(all, 'lost'),
        lostReportsCut: total(all, 'lost_cut'),
        os: shares(people.map(({ state }) => state.os)),
        version: shares(people.map(({ state }) => state.version)),
        changedAt: memory.changedAt,
      };
    },
    gaps: ({ project, ci, from, to }) => {
      const found = within({ project })
        .filter(({ state }) => state.ci === ci)
        .flatMap(({ days }) => gapsOf([...days.keys()], Infinity))
        .map(({ day, gap }) => ({ day, gap: Math.min(gap, LONG_AGO) }));
      return countAlike(found.filter(isFrom(from, to)));
    },
    valueGaps: ({ project, dimension, from, to }) => {
      const found = within({ project })
        .filter(isPerson)
        .flatMap(({ days }) => {
          const values = new Set([...days.values()].map((day) => day.get(dimension) ?? ''));
          return [...values].flatMap((value) => {
            const same = [...days.keys()].filter((day) => days.get(day)?.get(dimension) === value);
            return gapsOf(same, VALUE_WINDOW_DAYS).map(({ day, gap }) => ({ day, value, gap }));
          });
        });
      return countAlike(found.filter(isFrom(from, to)));
    },
    reports: ({ project, ci, from, to }) => {
      const found = reportsOf({ project }).filter((report) => report.ci === ci);
      return countAlike(found.map(({ day }) => ({ day })).filter(isFrom(from, to)));
    },
    reportValues: ({ project, dimension, from, to }) => {
      const found = reportsOf({ project }).flatMap(({ day, values }) =>
        values.filter(([name]) => name === dimension).map(([, value]) => ({ day, value })),
      );
      return countAlike(found.filter(isFrom(from, to)));
    },
    dimensions: ({ project }) => {
      const found = [...memory.values].filter(([name]) => project === null || name === project);
      return [...new Set(found.flatMap(([, dimensions]) => [...dimensions.keys()]))].sort();
    },
    fullPlaces: ({ project }) =>
      [...memory.values]
        .filter(([name]) => project === null || name === project)
        .sort(([a], [b]) => compareText(a, b))
        .flatMap(([name, dimensions]) =>
          findFullPlaces(
            name,
            [...dimensions]
              .map(([dimension, { size }]) => ({ dimension, size }))
              .sort((a, b) => compareText(a.dimension, b.dimension)),
          ),
        ),
    retention: ({ project, interval, from, to }) => {
      const cells = within({ project })
        .filter(isPerson)
        .flatMap(({ state, days }) => {
          const periods = new Set([...days.keys()].map((day) => periodOf(day, interval)));
          const cohort = periodOf(state.firstDay, interval);
          return [...periods].map((period) => ({ cohort, period }));
        });
      return countAlike(cells.filter(({ cohort }) => cohort >= from && cohort <= to));
    },
    quality: ({ project, from = -Infinity, to = Infinity }) => {
      const sums: Partial<Record<QualityKind, number>> = {};
      for (const row of memory.quality.filter(isFrom(from, to))) {
        if (project !== null && row.project !== project) continue;
        sums[row.kind] = (sums[row.kind] ?? 0) + row.count;
      }
      return sums;
    },
    unusual: ({ project, from, to }) => {
      const names = [...new Set(within({ project }).map((user) => user.project))].sort();
      const found: UnusualDay[] = [];
      for (let day = from; day <= to; day++) {
        for (const name of project === null ? [null, ...names] : names) {
          const people = within({ project: name }).filter(isPerson);
          const newOn = (one: number): number =>
            people.filter(({ state }) => state.firstDay === one).length;
          const before = Array.from({ length: 28 }, (_, n) => newOn(day - n - 1));
          const sorted = before.sort((a, b) => a - b);
          const n = newOn(day);
          const median = ((sorted[13] ?? 0) + (sorted[14] ?? 0)) / 2;
          if (n > 500 && n > 10 * median) found.push({ project: name, day, n });
        }
      }
      return found;
    },
  };

  return {
    ...counts,
    together: (questions) => answerTogether(counts, questions),
    recent: ({ project, limit }) =>
      within({ project })
        .filter(isPerson)
        .sort((a, b) => b.state.lastSeen - a.state.lastSeen || Buffer.compare(a.uid, b.uid))
        .slice(0, limit)
        .map(({ uid, state: { firstSeen, lastSeen, os, version, reports } }) => ({
          uid,
          firstSeen,
          lastSeen,
          os,
          version,
          reports,
        })),
    projects: () => [...memory.projects].sort(),
    values: ({ project }) =>
      [...(memory.values.get(project) ?? [])].flatMap(([dimension, values]) =>
        [...values].map((value) => ({ dimension, value })),
      ),
    areKnown: ({ users }) =>
      users.map(({ project, uid }) => memory.users.has(memoryKey(project, uid))),
    owner: ({ project, uid }) => memory.users.get(memoryKey(project, uid))?.state.ownerHash ?? null,
    user: ({ project, uid }) => {
      const key = memoryKey(project, uid);
      const user = memory.users.get(key);
      return {
        deletedAt: memory.tombstones.get(key) ?? null,
        counted: user ? toCounted(user) : null,
      };
    },
    probe: () => undefined,
    close: () => undefined,
  };
}

const isPerson = ({ state }: StoredUser): boolean => !state.ci;

const isFrom =
  (from: number, to: number) =>
  ({ day }: { readonly day: number }): boolean =>
    day >= from && day <= to;

const total = (users: readonly StoredUser[], name: Total): number =>
  users.reduce((sum, { state }) => sum + (totalsOf(state)[name] ?? 0), 0);

/** Each of some days, and how long ago the one before it was. */
function gapsOf(days: readonly number[], longest: number): { day: number; gap: Gap }[] {
  return [...days]
    .sort((a, b) => a - b)
    .map((day, at, all) => {
      const gap = day - (all[at - 1] ?? -Infinity);
      return { day, gap: gap > longest || gap === Infinity ? NEVER_BEFORE : gap };
    });
}

/** How many there are of each of some rows, in the order of their members. */
function countAlike<Row extends Readonly<Record<string, number | string>>>(
  rows: readonly Row[],
): (Row & { readonly n: number })[] {
  const counts = new Map<string, { readonly row: Row; n: number }>();
  for (const row of rows) {
    const key = JSON.stringify(row);
    const count = counts.get(key) ?? { row, n: 0 };
    counts.set(key, count);
    count.n += 1;
  }
  return [...counts.values()]
    .map(({ row, n }) => ({ ...row, n }))
    .sort((a, b) => {
      for (const [name, value] of Object.entries(a)) {
        const order = compare(value, b[name] ?? value);
        if (order !== 0) return order;
      }
      return 0;
    });
}

function compare(a: number | string, b: number | string): number {
  return typeof a === 'string' || typeof b === 'string' ? compareText(String(a), String(b)) : a - b;
}

/** As SQLite compares: by bytes. */
const compareText = (a: string, b: string): number =>
  Buffer.compare(Buffer.from(a), Buffer.from(b));

function toCounted({ state, days }: StoredUser): CountedUser {
  const history: CountedDays[] = [];
  const kept = [...days.keys()]
    .filter((day) => day > state.lastDay - ACTIVITY_DAYS)
    .sort((a, b) => a - b);
  for (const day of kept) {
    const values = nameValues(USER_DIMENSIONS.map((name) => days.get(day)?.get(name) ?? UNKNOWN));
    const isSame = JSON.stringify(history.at(-1)?.values) === JSON.stringify(values);
    history.splice(isSame ? -1 : history.length, 1, { lastDay: day, values });
  }
  return {
    firstSeen: state.firstSeen,
    lastSeen: state.lastSeen,
    firstDay: state.firstDay,
    days: kept,
    reports: state.reports,
    lost: state.lost,
    dimensions: { os: state.os, version: state.version },
    history,
    ci: state.ci,
    idSource: state.idSource,
    idPersisted: state.idPersisted,
    ownerHash: state.ownerHash,
  };
}

function shares(values: readonly string[]): Share[] {
  return countAlike(values.map((value) => ({ value })))
    .map(({ value, n }) => ({ value, users: n }))
    .sort((a, b) => b.users - a.users || compareText(a.value, b.value));
}
