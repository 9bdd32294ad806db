import {
  giveUpPlaces,
  isOfPeople,
  isTooFull,
  type ValueUse,
} from '../../src/rules/give-up-places.js';
import { OTHER, RARE_WINDOW_DAYS } from '../../src/rules/limits.js';
import type { Memory, StoredReport, StoredUser } from './memory.js';

/** Lets rare values of a full project give their places up, and their history become `other`. */
export function closeDay(memory: Memory, project: string, day: number): void {
  const dimensions = memory.values.get(project);
  if (dimensions === undefined) return;
  if (!isTooFull([...dimensions.values()].map(({ size }) => size))) return;
  const uses: ValueUse[] = [];
  for (const [dimension, values] of dimensions) {
    for (const value of values) {
      uses.push({ dimension, value, n: useOf(memory, project, day, dimension, value) });
    }
  }
  const givenUp = giveUpPlaces(uses);
  for (const dimension of givenUp.dimensions) dimensions.delete(dimension);
  for (const { dimension, value } of givenUp.values) {
    dimensions.get(dimension)?.delete(value);
    dimensions.get(dimension)?.add(OTHER);
  }
  const gone = new Set(givenUp.values.map(({ dimension, value }) => `${dimension}\n${value}`));
  if (gone.size + givenUp.dimensions.length > 0) rename(memory, project, gone, givenUp.dimensions);
}

function useOf(
  memory: Memory,
  project: string,
  closing: number,
  dimension: string,
  value: string,
): number {
  const isRecent = (day: number): boolean => day > closing - RARE_WINDOW_DAYS;
  if (isOfPeople(dimension)) {
    return [...memory.users.values()].filter(
      (user) =>
        user.project === project &&
        !user.state.ci &&
        [...user.days].some(([day, values]) => isRecent(day) && values.get(dimension) === value),
    ).length;
  }
  return memory.reports.filter(
    (report) =>
      report.project === project &&
      isRecent(report.day) &&
      report.values.some(([name, one]) => name === dimension && one === value),
  ).length;
}

function rename(
  memory: Memory,
  project: string,
  gone: ReadonlySet<string>,
  dimensions: readonly string[],
): void {
  const nameOf = (dimension: string, value: string): string =>
    gone.has(`${dimension}\n${value}`) ? OTHER : value;
  const renameUser = (user: StoredUser): StoredUser => {
    if (user.project !== project) return user;
    const { os, version, ...rest } = user.state;
    const state = { ...rest, os: nameOf('os', os), version: nameOf('version', version) };
    const days = new Map(
      [...user.days].map(([day, values]) => [
        day,
        new Map([...values].map(([name, value]) => [name, nameOf(name, value)])),
      ]),
    );
    const said = user.said
      .filter(({ dimension }) => !dimensions.includes(dimension))
      .map((one) => ({ ...one, value: nameOf(one.dimension, one.value) }));
    return { ...user, state, days, said };
  };
  memory.frozen = memory.frozen.map((rows) => {
    if (rows.project !== project) return rows;
    const left = rows.valueGaps.filter(({ dimension }) => !dimensions.includes(dimension));
    const valueGaps = left.map((row) => ({
      ...row,
      value: nameOf(row.dimension, row.value),
    }));
    return { ...rows, valueGaps };
  });
  const renameReport = (report: StoredReport): StoredReport => {
    if (report.project !== project) return report;
    const values = report.values
      .filter(([name]) => !dimensions.includes(name))
      .map(([name, value]) => [name, nameOf(name, value)] as const);
    return { ...report, values };
  };
  for (const [key, user] of memory.users) memory.users.set(key, renameUser(user));
  memory.reports = memory.reports.map(renameReport);
  for (const cleaning of memory.cleanings) {
    cleaning.users = cleaning.users.map(renameUser);
    cleaning.reports = cleaning.reports.map(renameReport);
  }
}
