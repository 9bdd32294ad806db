import type { CountedReport } from '../../src/rules/counted-report.js';
import { DAY_MS } from '../../src/rules/day.js';
import { reportValuesOf, USER_DIMENSIONS, userValuesOf } from '../../src/rules/dimensions.js';
import { foldQuality } from '../../src/rules/fold.js';
import { MAX_DIMENSIONS, OTHER, REMEMBERED_DAYS, TOMBSTONE_DAYS } from '../../src/rules/limits.js';
import { MAX_SAID_VALUES } from '../../src/rules/said-values.js';
import { mayErase, mergeUsers, userOfReport, type UserState } from '../../src/rules/user-state.js';
import { type Population, takesValue } from '../../src/store/takes-value.js';
import type { Store } from '../../src/store/store.js';
import { closeDay } from './close-day.js';
import { countHour } from './memory-hours.js';
import { createMemoryReader } from './memory-reader.js';
import { dropFromMemory } from './drop-from-memory.js';
import { clean } from './memory-cleaner.js';
import { type Memory, memoryKey, partsOf } from './memory.js';

/** A store that forgets everything with its process: for tests and as the plainest reading of the contract. */
export function createMemoryStore(): Store {
  const memory: Memory = {
    users: new Map(),
    reports: [],
    quality: [],
    hours: new Map(),
    cleanings: [],
    frozen: [],
    gone: [],
    spans: [],
    tombstones: new Map(),
    values: new Map(),
    projects: new Set(),
    newestDays: new Map(),
    changedAt: null,
    countryDays: [],
  };
  const { users, tombstones, values } = memory;
  const seen = new Map<string, number>();
  let newestDay = -Infinity;
  const positions = new Map<string, number>();

  const dimensionsOf = (project: string): Map<string, Set<string>> => {
    const dimensions = values.get(project) ?? new Map<string, Set<string>>();
    values.set(project, dimensions);
    return dimensions;
  };
  const placed = (
    project: string,
    dimension: string,
    value: string,
    population: Population,
  ): string => {
    const dimensions = dimensionsOf(project);
    const known = dimensions.get(dimension) ?? new Set();
    dimensions.set(dimension, known);
    if (known.has(value)) return value;
    const ofProject = [...dimensions.values()].reduce((sum, { size }) => sum + size, 0);
    const sizes = { ofDimension: known.size, ofProject };
    const kept = takesValue(dimension, sizes, () => population) ? value : OTHER;
    known.add(kept);
    return kept;
  };
  const takesDimension = (project: string, dimension: string): boolean =>
    dimensionsOf(project).has(dimension) || dimensionsOf(project).size < MAX_DIMENSIONS;
  const isNew = ({ reportKey, receivedDay }: CountedReport): boolean => {
    if (reportKey === null) return true;
    const key = reportKey.toString('latin1');
    if (seen.has(key)) return false;
    seen.set(key, Math.max(receivedDay, newestDay));
    return true;
  };
  const isForgotten = ({ project, uid, madeAt }: CountedReport): boolean =>
    madeAt <= (tombstones.get(memoryKey(project, uid)) ?? -Infinity);

  const countReport = (report: CountedReport): void => {
    const { project, uid, day, ci, receivedDay } = report;
    const newest = memory.newestDays.get(project) ?? -Infinity;
    if (receivedDay > newest) {
      closeDay(memory, project, newest);
      memory.newestDays.set(project, receivedDay);
    }
    countHour(memory, report);
    const key = memoryKey(project, uid);
    const before = users.get(key);
    const isFarm = ci && partsOf(memory, key).every(({ state: part }) => part.ci);
    const population = isFarm ? 'ci' : 'people';
    const named = userValuesOf(report).map((value, at): [string, string] => {
      const name = USER_DIMENSIONS[at] ?? '';
      return [name, placed(project, name, value, population)];
    });
    const state = userOfReport(
      report,
      named.map(([, value]) => value),
      [],
    );
    const days = new Map(before?.days);
    if (!days.has(day)) days.set(day, new Map(named));
    const merged = before === undefined ? state : mergeUsers(before.state, state);
    const values: [dimension: string, value: string][] = [];
    for (const [dimension, value] of ci ? [] : reportValuesOf(report)) {
      if (!takesDimension(project, dimension)) continue;
      values.push([dimension, placed(project, dimension, value, 'people')]);
    }
    memory.reports.push({ project, ci, day, values });
    const said = [...(before?.said ?? [])];
    const known = new Set(
      said
        .filter(({ takenBy }) => takenBy.size === 0)
        .map((one) => `${one.dimension}\n${one.value}`),
    );
    for (const [dimension, value] of values) {
      const name = `${dimension}\n${value}`;
      if (known.size >= MAX_SAID_VALUES && !known.has(name)) continue;
      known.add(name);
      said.push({ day, dimension, value, takenBy: new Set() });
    }
    users.set(key, { project, uid, state: merged, days, said });
  };
  const prune = (today: number): void => {
    newestDay = Math.max(newestDay, today);
    for (const [key, day] of seen) if (day < today - REMEMBERED_DAYS) seen.delete(key);
    for (const [key, deletedAt] of tombstones) {
      if (deletedAt < (today - TOMBSTONE_DAYS) * DAY_MS) tombstones.delete(key);
    }
  };

  return {
    writer: {
      position: (journalId) => positions.get(journalId) ?? 0,
      apply: ({ journalId, after, upTo, reports, deletions, appliedAt, ...others }) => {
        const { quality = [], cleanings = [] } = others;
        if (after !== (positions.get(journalId) ?? 0)) return;
        const counted: CountedReport[] = [];
        const duplicates: CountedReport[] = [];
        const forgotten: CountedReport[] = [];
        for (const report of reports) {
          if (!isNew(report)) duplicates.push(report);
          else (isForgotten(report) ? forgotten : counted).push(report);
        }
        for (const report of counted) countReport(report);
        for (const { facts, receivedDay } of counted) {
          if (facts['country'] !== undefined) memory.countryDays.push(receivedDay);
        }
        for (const { project } of [...reports, ...quality]) {
          if (project !== null) memory.projects.add(project);
        }
        memory.quality.push(...foldQuality(counted, { duplicates, forgotten }), ...quality);
        prune(Math.max(...reports.map(({ receivedDay }) => receivedDay)));
        for (const deletion of deletions) {
          const { project, uid, deletedAt } = deletion;
          const key = memoryKey(project, uid);
          const parts = partsOf(memory, key).map(({ state }) => state);
          if (!mayErase(deletion, parts.find(isOwned) ?? parts[0])) continue;
          users.delete(key);
          for (const cleaning of memory.cleanings) {
            cleaning.users = cleaning.users.filter(
              (one) => memoryKey(one.project, one.uid) !== key,
            );
          }
          tombstones.set(key, Math.max(deletedAt, tombstones.get(key) ?? -Infinity));
        }
        for (const step of cleanings) clean(memory, step);
        positions.set(journalId, upTo);
        if (appliedAt !== null)
          memory.changedAt = Math.max(memory.changedAt ?? appliedAt, appliedAt);
      },
      fold: () => ({ rows: 0, next: null }),
      giveBack: () => ({ bytes: 0, isDone: true }),
      hasWork: () => false,
      work: () => false,
      drop: (slice) => ({
        rows: dropFromMemory(memory, seen, slice),
        bytes: 0,
        next: null,
      }),
      close: () => undefined,
    },
    reader: createMemoryReader(memory),
  };
}

const isOwned = ({ ownerHash }: UserState<string>): boolean => ownerHash !== null;
