import { OTHER } from '../rules/limits.js';

/** A person in a list, as far as it may be known again in another list. */
export interface ListedPerson {
  /** As `2026-11-22`. */
  readonly firstDate: string;
  /** As `2026-11-22`. */
  readonly lastDate: string;
  readonly os: string;
  readonly version: string;
  readonly reports: number;
}

/**
 * Makes each person of a list equal to at least `k - 1` others of it, so that nobody can be found
 * again in another list. People who are alike are grouped: a group has the earliest of its dates,
 * the least of its numbers, and values that all of it share, else `other`.
 *
 * @returns In the order of what is shown, the last seen first, so that the order tells nothing more.
 */
export function blurPeople(people: readonly ListedPerson[], k: number): ListedPerson[] {
  return alikeOf(people, k)
    .flatMap((alike) => groupsOf([...alike].sort(compareActivity), k))
    .flatMap((group) => {
      const blurred = blur(group, k);
      return group.map(() => blurred);
    })
    .sort(
      (a, b) => compareText(b.lastDate, a.lastDate) || compareValues(a, b) || compareActivity(a, b),
    );
}

/** People with the same values. All who share theirs with too few are together. */
function alikeOf(people: readonly ListedPerson[], k: number): ListedPerson[][] {
  const byValues = new Map<string, ListedPerson[]>();
  for (const person of [...people].sort(compareValues)) {
    const values = JSON.stringify([person.os, person.version]);
    byValues.set(values, [...(byValues.get(values) ?? []), person]);
  }
  const all = [...byValues.values()];
  const alike = all.filter(({ length }) => length >= k).sort((a, b) => b.length - a.length);
  const rest = all.filter(({ length }) => length < k).flat();
  if (rest.length > 0 && rest.length < k) rest.push(...(alike.pop() ?? []));
  return rest.length > 0 ? [...alike, rest] : alike;
}

/** Groups of neighbours of at least `k`, if there are as many. */
function groupsOf(people: readonly ListedPerson[], k: number): ListedPerson[][] {
  const groups: ListedPerson[][] = [];
  for (const person of people) {
    const group = groups.at(-1);
    const last = group?.at(-1);
    const isFull = group !== undefined && group.length >= k;
    if (group && last && (!isFull || compareActivity(last, person) === 0)) group.push(person);
    else groups.push([person]);
  }
  const last = groups.at(-1);
  if (last && last.length < k && groups.length > 1) {
    groups.splice(-2, 2, [...(groups.at(-2) ?? []), ...last]);
  }
  return groups;
}

function blur(group: readonly ListedPerson[], k: number): ListedPerson {
  const shared = (read: (person: ListedPerson) => string): string => {
    const [first = OTHER, ...others] = group.map(read);
    return group.length >= k && others.every((value) => value === first) ? first : OTHER;
  };
  return {
    firstDate: least(group.map(({ firstDate }) => firstDate)),
    lastDate: least(group.map(({ lastDate }) => lastDate)),
    os: shared(({ os }) => os),
    version: shared(({ version }) => version),
    reports: Math.min(...group.map(({ reports }) => reports)),
  };
}

const least = (dates: readonly string[]): string => dates.reduce((a, b) => (a < b ? a : b));

const compareValues = (a: ListedPerson, b: ListedPerson): number =>
  compareText(a.os, b.os) || compareText(a.version, b.version);

const compareActivity = (a: ListedPerson, b: ListedPerson): number =>
  compareText(a.firstDate, b.firstDate) ||
  compareText(a.lastDate, b.lastDate) ||
  a.reports - b.reports;

const compareText = (a: string, b: string): number => (a < b ? -1 : Number(a > b));
