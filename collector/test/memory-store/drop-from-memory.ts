import { ACTIVITY_DAYS } from '../../src/rules/activity-bits.js';
import { DAY_MS } from '../../src/rules/day.js';
import { USUAL_DAYS } from '../../src/rules/unusual.js';
import { plausibleLost } from '../../src/rules/user-state.js';
import type { DropSlice } from '../../src/store/store.js';
import { rowsOf } from './memory-reader.js';
import type { Frozen, Memory } from './memory.js';

const minus = (rows: Frozen): Frozen => ({ ...rows, by: -1 });

/**
 * Drops what is old. What users count for stays as it is: it is frozen, and what they count for by
 * the days that are left is taken back.
 *
 * @param seen - The days of the keys that are remembered.
 * @returns How many rows were dropped.
 */
export function dropFromMemory(
  memory: Memory,
  seen: Map<string, number>,
  { what, days: kept, today, isDry }: DropSlice,
): number {
  const first = today - kept + 1;
  const isOld = (day: number): boolean => day < first;
  if (!isDry && what !== 'keys' && what !== 'tombstones') noteRun(memory, what, kept, today);
  const removeOld = <Key>(all: Map<Key, number>, oldest: number): number => {
    const old = [...all].filter(([, at]) => at < oldest);
    if (!isDry) for (const [key] of old) all.delete(key);
    return old.length;
  };
  switch (what) {
    case 'keys':
      return removeOld(seen, today - kept);
    case 'tombstones':
      return removeOld(memory.tombstones, (today - kept) * DAY_MS);
    case 'activity': {
      const old = [...memory.users].filter(([, { days }]) => [...days.keys()].some(isOld));
      for (const [key, user] of isDry ? [] : old) {
        const rest = {
          ...user,
          days: new Map([...user.days].filter(([day]) => !isOld(day))),
          said: user.said.filter(({ day }) => !isOld(day)),
        };
        memory.frozen.push(rowsOf(user), minus(rowsOf(rest)));
        memory.users.set(key, rest);
      }
      // Of longer ago than this, other stores have nothing to drop.
      return old.filter(([, { state, days }]) =>
        [...days.keys()].some((day) => isOld(day) && day > state.lastDay - ACTIVITY_DAYS),
      ).length;
    }
    case 'users': {
      const old = [...memory.users].filter(([, { state }]) => isOld(state.lastDay));
      for (const [key, user] of isDry ? [] : old) {
        memory.frozen.push(rowsOf(user));
        const lost = plausibleLost(user.state);
        memory.gone.push({ project: user.project, lost, cut: user.state.lost - lost });
        memory.users.delete(key);
      }
      return old.length;
    }
    case 'quality': {
      const old = memory.quality.filter(({ day }) => isOld(day));
      if (!isDry) memory.quality = memory.quality.filter(({ day }) => !isOld(day));
      return new Set(old.map(({ project, day, kind }) => JSON.stringify([project, day, kind])))
        .size;
    }
    case 'rollups': {
      if (isDry) return 0;
      const all = [...[...memory.users.values()].map(rowsOf), ...memory.frozen];
      for (const { project, gaps, valueGaps, cells, by } of all) {
        memory.frozen.push({
          project,
          gaps: gaps.filter(({ day }) => isOld(day + USUAL_DAYS)),
          valueGaps: valueGaps.filter(({ day }) => isOld(day)),
          cells: cells.filter(({ cohort }) => isOld(cohort)),
          by: by === 1 ? -1 : 1,
        });
      }
      memory.reports = memory.reports.map((report) =>
        isOld(report.day) ? { ...report, values: [] } : report,
      );
      return 0;
    }
  }
}

/** Notes for how long something was kept. */
function noteRun({ spans }: Memory, what: DropSlice['what'], days: number, today: number): void {
  const newest = spans.filter((span) => span.what === what).at(-1);
  const same = newest?.days === days || newest?.firstRun === today ? newest : undefined;
  if (same === undefined) spans.push({ what, firstRun: today, lastRun: today, days });
  else {
    const next = {
      ...same,
      lastRun: Math.max(same.lastRun, today),
      days: Math.min(same.days, days),
    };
    spans.splice(spans.indexOf(same), 1, next);
  }
}
