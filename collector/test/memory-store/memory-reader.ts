import { ACTIVITY_DAYS } from '../../src/rules/activity-bits.js';
import type { QualityKind } from '../../src/rules/counted-report.js';
import { nameValues, UNKNOWN, USER_DIMENSIONS } from '../../src/rules/dimensions.js';
import { foldFact } from '../../src/rules/fold-fact.js';
import { isOfPeople } from '../../src/rules/give-up-places.js';
import { INTERVALS, periodOf } from '../../src/rules/period.js';
import { topShares } from '../../src/rules/top-shares.js';
import type { DayWindow } from '../../src/rules/window-counter.js';
import {
  type Gap,
  LONG_AGO,
  NEVER_BEFORE,
  type Total,
  totalsOf,
  VALUE_WINDOW_DAYS,
} from '../../src/rules/tally.js';
import { addUpProjects } from '../../src/store/add-up-projects.js';
import { findFullPlaces } from '../../src/store/full-places.js';
import type {
  CountedDays,
  CountedUser,
  GapCount,
  Scope,
  Share,
  UnusualDay,
  ValueWindows,
  WindowsQuestion,
} from '../../src/store/questions.js';
import { answerTogether } from '../../src/store/sqlite/counts-reader.js';
import type { Counts, StoreReader } from '../../src/store/store.js';
import { coveredBy, figuresToTake } from './memory-cleaner.js';
import { exportMemory } from './memory-export.js';
import { bySaid, saidOf } from './said-of.js';
import {
  type Frozen,
  joinUsers,
  type Memory,
  memoryKey,
  partsOf,
  type StoredUser,
} from './memory.js';

/** Answers questions by counting everything anew each time. */
export function createMemoryReader(memory: Memory): StoreReader {
  const frozenOf = ({ project }: Scope): Frozen[] =>
    memory.frozen.filter((one) => project === null || one.project === project);
  const goneOf = ({ project }: Scope) =>
    memory.gone.filter((one) => project === null || one.project === project);
  const within = ({ project }: Scope): StoredUser[] =>
    [...memory.users.values()].filter((user) => project === null || user.project === project);
  const reportsOf = ({ project }: Scope) =>
    memory.reports.filter((report) => project === null || report.project === project);

  const saidWindows = ({ project, dimension, windows }: WindowsQuestion): ValueWindows[] => {
    const people = within({ project }).map((user) =>
      saidOf(user).filter((one) => one.dimension === dimension),
    );
    const values = new Set(people.flat().map(({ value }) => value));
    return countWindows([...values], windows, (value, { firstDay, lastDay }) => {
      const had = people.filter((said) =>
        said.filter(isFrom(firstDay, lastDay)).some((one) => one.value === value),
      );
      return had.length;
    });
  };
  const projects = (): string[] => {
    const counted = [
      ...memory.users.values(),
      ...memory.reports.filter(({ isPart }) => isPart !== true),
      ...memory.quality,
    ].flatMap(({ project }) => (project === null ? [] : [project]));
    return [...new Set(counted)].sort();
  };
  const counts: Counts = {
    summary: ({ project, day, mostValues }) => {
      const all = within({ project });
      const people = all.filter(isPerson);
      const active = (length: number): number =>
        people.filter(({ days }) =>
          [...days.keys()].some((one) => one <= day && one > day - length),
        ).length +
        sum(
          frozenOf({ project }).map(({ gaps, by }) => {
            const found = gaps.filter(
              (one) =>
                !one.ci &&
                one.day <= day &&
                one.day > day - length &&
                (one.gap === NEVER_BEFORE || one.day - one.gap <= day - length),
            );
            return by * found.length;
          }),
        );
      return {
        totalUsers: people.length,
        dailyActiveUsers: active(1),
        weeklyActiveUsers: active(7),
        monthlyActiveUsers: active(28),
        certainUsers: total(people, 'certain'),
        likelyUsers: total(people, 'likely'),
        ephemeralUsers: total(people, 'ephemeral'),
        ciUsers: all.length - people.length,
        totalReports: reportsOf({ project }).filter(({ isPart }) => !isPart).length,
        lostReports: total(all, 'lost') + sum(goneOf({ project }).map(({ lost }) => lost)),
        lostReportsCut: total(all, 'lost_cut') + sum(goneOf({ project }).map(({ cut }) => cut)),
        os: topShares(shares(people.map(({ state }) => state.os)), mostValues),
        version: topShares(shares(people.map(({ state }) => state.version)), mostValues),
        changedAt: memory.changedAt,
      };
    },
    gaps: ({ project, ci, from, to }) => {
      const found = within({ project })
        .map(rowsOf)
        .concat(frozenOf({ project }))
        .flatMap(({ gaps, by }) =>
          gaps
            .filter((row) => row.ci === ci && isFrom(from, to)(row))
            .map(({ day, gap }) => [{ day, gap }, by] as const),
        );
      return sumAlike(found);
    },
    peopleWindows: ({ project, ci, windows }) => {
      const all = counts.gaps({ project, ci, from: -Infinity, to: Infinity });
      const firsts = all.filter(({ gap }) => gap === 0);
      const count = (rows: readonly GapCount[]): number[] =>
        windows.map(({ firstDay, lastDay }) => {
          // A person counts on the first of its days in the window.
          const isFirst = ({ day, gap }: GapCount) => gap === 0 || day - gap < firstDay;
          return sum(
            rows
              .filter(isFrom(firstDay, lastDay))
              .filter(isFirst)
              .map(({ n }) => n),
          );
        });
      return { active: count(all), firsts: count(firsts) };
    },
    valueGaps: ({ project, dimension, from, to }) => {
      const found = within({ project })
        .map(rowsOf)
        .concat(frozenOf({ project }))
        .flatMap(({ valueGaps, by }) =>
          valueGaps
            .filter((row) => row.dimension === dimension && isFrom(from, to)(row))
            .map(({ day, value, gap }) => [{ day, value, gap }, by] as const),
        );
      return sumAlike(found);
    },
    reports: ({ project, ci, from, to }) => {
      const found = reportsOf({ project }).filter((report) => report.ci === ci && !report.isPart);
      return countAlike(found.map(({ day }) => ({ day })).filter(isFrom(from, to)));
    },
    valueWindows: ({ project, dimension, windows }) => {
      const isAge = dimension === 'age';
      if (!isAge && !isOfPeople(dimension)) return saidWindows({ project, dimension, windows });
      const people = within({ project })
        .filter(isPerson)
        .map((user) =>
          [...user.days].map(([day, named]) => ({
            day,
            value: isAge ? ageOf(user, day) : (named.get(dimension) ?? ''),
          })),
        );
      const values = new Set(people.flat().map(({ value }) => value));
      return countWindows([...values], windows, (value, { firstDay, lastDay }) => {
        const had = people.filter((days) =>
          days.filter(isFrom(firstDay, lastDay)).some((one) => one.value === value),
        );
        return had.length;
      });
    },
    newestValues: ({ project, dimension, of, from }) => {
      const found = within({ project })
        .filter(isPerson)
        .filter(({ state }) => state.lastDay >= from)
        .map(({ days }) => {
          const named = days.get(Math.max(...days.keys()));
          const value = named?.get(dimension) ?? UNKNOWN;
          return { of: of === null ? null : (named?.get(of) ?? UNKNOWN), value };
        });
      const pairs = new Map(found.map((one) => [JSON.stringify(one), one]));
      return [...pairs]
        .map(([key, one]) => ({
          ...one,
          n: found.filter((other) => JSON.stringify(other) === key).length,
        }))
        .sort((a, b) => compareText(a.of ?? '', b.of ?? '') || compareText(a.value, b.value));
    },
    crossedDays: ({ project, dimensions, from, to }) => {
      const found = within({ project })
        .filter(isPerson)
        // Of each person, the last days are kept.
        .flatMap(({ days }) => {
          const since = Math.max(...days.keys()) - ACTIVITY_DAYS;
          return [...days].flatMap(([day, named]) => (day > since ? [{ day, named }] : []));
        })
        .filter(isFrom(from, to))
        .map(({ day, named }) => ({
          key: JSON.stringify(dimensions.map((name) => named.get(name) ?? UNKNOWN)),
          day,
        }));
      return [...new Set(found.map(({ key }) => key))].map((key) => ({
        // The key was written above.
        values: JSON.parse(key) as string[],
        counts: Array.from(
          { length: to - from + 1 },
          (_, at) => found.filter((one) => one.key === key && one.day === from + at).length,
        ),
      }));
    },
    firstDays: ({ project, people, since }) => {
      return (project === null ? projects() : [project]).flatMap((name) => {
        const days = { project: name, from: since, to: Infinity };
        const own = counts.valueGaps({ ...days, dimension: 'version' });
        const versions = [...new Set(own.map(({ value }) => foldFact('version', value)))].sort();
        return versions.flatMap((version) => {
          const peopleOn = new Map<number, number>();
          for (const { day, value, n } of own) {
            if (foldFact('version', value) !== version) continue;
            peopleOn.set(day, n + (peopleOn.get(day) ?? 0));
          }
          const reached = [...peopleOn].filter(([, n]) => n >= people).sort(([a], [b]) => a - b);
          return reached
            .slice(0, 1)
            .map(([day, n]) => ({ project: name, version, day, people: n }));
        });
      });
    },
    hours: ({ project }) =>
      [...memory.hours]
        .filter(([name, cells]) => (project === null || name === project) && cells.length > 0)
        .map(([name, cells]) => ({ project: name, cells }))
        .sort((a, b) => compareText(a.project, b.project)),
    sayingDays: ({ project, from, to }) => {
      const found = reportsOf({ project })
        .filter(isFrom(from, to))
        .flatMap(({ day, values }) =>
          values.map(([dimension, value]) => ({
            ...{ dimension, value: dimension === 'event' ? value : null, day },
          })),
        );
      const keys = new Map(found.map((one) => [JSON.stringify(one), one]));
      return [...keys]
        .map(([key, one]) => ({
          ...one,
          n: found.filter((other) => JSON.stringify(other) === key).length,
        }))
        .sort(
          (a, b) =>
            compareText(a.dimension, b.dimension) ||
            compareText(a.value ?? '', b.value ?? '') ||
            a.day - b.day,
        );
    },
    valuePeople: ({ value, windows, ...question }) =>
      counts.valueWindows({ ...question, windows }).find((one) => one.value === value)?.counts ??
      windows.map(() => 0),
    reportWindows: ({ project, dimension, windows }) => {
      const found = reportsOf({ project }).flatMap(({ day, values }) =>
        values.filter(([name]) => name === dimension).map(([, value]) => ({ day, value })),
      );
      const values = new Set(found.map(({ value }) => value));
      return countWindows([...values], windows, (value, { firstDay, lastDay }) => {
        const within = found.filter(isFrom(firstDay, lastDay));
        return within.filter((report) => report.value === value).length;
      });
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
    overview: ({ day, days, mostProjects }) => {
      const all = projects().map((project) => {
        const today = new Map(Object.entries(days)).get(project) ?? day;
        const summary = counts.summary({ project, day: today });
        const people = within({ project }).filter(isPerson);
        const frozen = frozenOf({ project }).map(({ gaps, by }) => {
          const first = gaps.filter((row) => !row.ci && row.day === today && row.gap === 0);
          return by * first.length;
        });
        const sizes = [...(memory.values.get(project) ?? [])].map(
          ([name, { size }]) => [name.replace(/^field:.*/s, 'field'), size] as const,
        );
        const largest = [...sizes].sort(([, a], [, b]) => a - b);
        return {
          project,
          totalUsers: summary.totalUsers,
          dailyActiveUsers: summary.dailyActiveUsers,
          weeklyActiveUsers: summary.weeklyActiveUsers,
          monthlyActiveUsers: summary.monthlyActiveUsers,
          newUsers: people.filter(({ state }) => state.firstDay === today).length + sum(frozen),
          ciUsers: summary.ciUsers,
          totalReports: summary.totalReports,
          lostReports: summary.lostReports,
          lostReportsCut: summary.lostReportsCut,
          places: {
            dimensions: sizes.length,
            values: sum(sizes.map(([, size]) => size)),
            ofDimension: Object.fromEntries(largest),
          },
        };
      });
      const ordered = all.sort(
        (a, b) => b.totalUsers - a.totalUsers || compareText(a.project, b.project),
      );
      const rest = ordered.slice(mostProjects);
      const end = rest.length > 0 ? [addUpProjects(rest)] : [];
      return [...ordered.slice(0, mostProjects), ...end];
    },
    retention: ({ project, interval, from, to }) => {
      const found = within({ project })
        .map(rowsOf)
        .concat(frozenOf({ project }))
        .flatMap(({ cells, by }) =>
          cells
            .filter((row) => row.interval === interval && row.cohort >= from && row.cohort <= to)
            .map(({ cohort, period }) => [{ cohort, period }, by] as const),
        );
      return sumAlike(found);
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
    exportPage: (question) => exportMemory(memory, counts, question),
    saidSince: () => null,
    countrySince: () => (memory.countryDays.length === 0 ? null : Math.min(...memory.countryDays)),
    agesSince: () => null,
    keptSpans: () =>
      [...memory.spans].sort((a, b) => compareText(a.what, b.what) || a.firstRun - b.firstRun),
    projects,
    owner: ({ project, uid }) =>
      partsOf(memory, memoryKey(project, uid)).reduce<Uint8Array | null>(
        (owner, { state }) => owner ?? state.ownerHash,
        null,
      ),
    cleanings: () =>
      memory.cleanings
        .map((one) => ({
          id: one.id,
          selection: one.selection,
          cleanedAt: one.cleanedAt,
          until: one.until,
          state: one.state,
          share: 1,
          figures: one.figures,
          coveredBy: coveredBy(memory, one),
        }))
        .reverse(),
    cleaningPage: ({ selection }) => ({
      figures: figuresToTake(memory, selection),
      next: null,
      users: memory.users.size,
    }),
    values: ({ project }) =>
      [...(memory.values.get(project) ?? [])].flatMap(([dimension, values]) =>
        [...values].map((value) => ({ dimension, value })),
      ),
    areKnown: ({ users }) =>
      users.map(({ project, uid }) => memory.users.has(memoryKey(project, uid))),
    user: ({ project, uid }) => {
      const key = memoryKey(project, uid);
      const [first, ...others] = partsOf(memory, key);
      return {
        deletedAt: memory.tombstones.get(key) ?? null,
        counted: first ? toCounted(others.reduce(joinUsers, first)) : null,
      };
    },
    state: () => null,
    probe: () => undefined,
    close: () => undefined,
  };
}

/** What a user counts for by the days that are kept. */
export function rowsOf(user: StoredUser): Frozen {
  const { project, state, days } = user;
  const { ci, firstDay } = state;
  const gaps = gapsOf([...days.keys()], Infinity).map(({ day, gap }) => {
    const known = gap === NEVER_BEFORE && day !== firstDay ? LONG_AGO : gap;
    return { ci, day, gap: Math.min(known, LONG_AGO) };
  });
  if (ci) return { project, by: 1, gaps, valueGaps: [], cells: [] };
  const valueGaps = USER_DIMENSIONS.flatMap((dimension) => {
    const values = new Set([...days.values()].map((day) => day.get(dimension) ?? ''));
    return [...values].flatMap((value) => {
      const same = [...days.keys()].filter((day) => days.get(day)?.get(dimension) === value);
      return gapsOf(same, VALUE_WINDOW_DAYS).map((row) => ({ ...row, value, dimension }));
    });
  });
  const ageGaps = ['week_1', 'weeks_2_4', 'weeks_5_24', 'older'].flatMap((value) => {
    const same = [...days.keys()].filter((day) => ageOf(user, day) === value);
    return gapsOf(same, VALUE_WINDOW_DAYS).map((row) => ({ ...row, value, dimension: 'age' }));
  });
  const saidGaps = bySaid(saidOf(user)).flatMap(({ dimension, value, days: on }) =>
    gapsOf(on, VALUE_WINDOW_DAYS).map((row) => ({ ...row, value, dimension })),
  );
  const cells = INTERVALS.flatMap((interval) => {
    const cohort = periodOf(firstDay, interval);
    const periods = new Set([...days.keys()].map((day) => periodOf(day, interval)));
    return [...periods].map((period) => ({ interval, cohort, period }));
  });
  return { project, by: 1, gaps, valueGaps: [...valueGaps, ...ageGaps, ...saidGaps], cells };
}

/** How long a user has been known on a day. */
function ageOf({ state }: StoredUser, day: number): string {
  const weeks = Math.floor((day - state.firstDay) / 7);
  if (weeks < 1) return 'week_1';
  if (weeks < 4) return 'weeks_2_4';
  return weeks < 24 ? 'weeks_5_24' : 'older';
}

const sum = (numbers: readonly number[]): number => numbers.reduce((all, n) => all + n, 0);

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

/** The counts of values that have any, in the order of the values. */
const countWindows = (
  values: readonly string[],
  windows: readonly DayWindow[],
  count: (value: string, window: DayWindow) => number,
): ValueWindows[] =>
  [...values]
    .sort(compareText)
    .map((value) => ({ value, counts: windows.map((window) => count(value, window)) }))
    .filter(({ counts }) => counts.some((n) => n > 0));
/** The sum of each of some signed rows, without those of which nothing is left. */
function sumAlike<Row extends Readonly<Record<string, number | string>>>(
  signed: readonly (readonly [row: Row, by: 1 | -1])[],
): (Row & { readonly n: number })[] {
  const sums = new Map<string, number>();
  for (const [row, by] of signed) {
    const key = JSON.stringify(row);
    sums.set(key, (sums.get(key) ?? 0) + by);
  }
  const sumOf = (row: Row): number => sums.get(JSON.stringify({ ...row, n: undefined })) ?? 0;
  return countAlike(signed.map(([row]) => row))
    .map((row) => ({ ...row, n: sumOf(row) }))
    .filter(({ n }) => n !== 0);
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

function toCounted({ state, days, said }: StoredUser): CountedUser {
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
    lastDay: state.lastDay,
    days: kept,
    reports: state.reports,
    lost: state.lost,
    dimensions: { os: state.os, version: state.version },
    history,
    said: bySaid(said.filter(({ day }) => day > state.lastDay - ACTIVITY_DAYS)),
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
