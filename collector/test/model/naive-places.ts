import { addDays, type CalendarDate } from './calendar.js';

/** A report, as far as the rule for values looks at it. */
export interface ValuedReport {
  readonly user: string;
  /** The day of receipt by UTC. */
  readonly received: CalendarDate;
  /** The day it counts for. */
  readonly date: CalendarDate;
  readonly version: string;
  readonly field: string;
}

/** A report under the values that it counts under. */
interface Counted extends ValuedReport {
  version: string;
  field: string;
}

const PLACES = 1000;
const FULL = 0.8 * PLACES;
const RARE = 3;

/**
 * The rule for the values of one project, from the text alone: a dimension has 1000 places;
 * what comes later is `other`. When a day closes on which a dimension is over 80 % full, values
 * with fewer than 3 people in the last 31 days give their places up, rarest first, then by name,
 * until it is not over 80 % any more, and their history becomes `other`. Which fields are rare is
 * counted by reports.
 */
export class NaivePlaces {
  readonly #reports: Counted[] = [];
  readonly #places = { version: new Set<string>(), field: new Set<string>() };
  #day: CalendarDate | undefined;

  take(report: ValuedReport): void {
    if (this.#day !== undefined && report.received > this.#day) this.#close(this.#day);
    if (this.#day === undefined || report.received > this.#day) this.#day = report.received;
    const version = this.#place('version', report.version);
    const field = this.#place('field', report.field);
    this.#reports.push({ ...report, version, field });
  }

  /** People by version, from a day to another; who had two counts under both. */
  people(from: CalendarDate, to: CalendarDate): Record<string, number> {
    const firsts = new Map<string, Counted>();
    for (const report of this.#reports) {
      const key = `${report.user} ${report.date}`;
      if (!firsts.has(key)) firsts.set(key, report);
    }
    const pairs = [...firsts.values()]
      .filter(({ date }) => date >= from && date <= to)
      .map(({ user, version }) => JSON.stringify([version, user]));
    return tally([...new Set(pairs)].map((pair) => (JSON.parse(pair) as [string])[0]));
  }

  /** People by the version of their newest report. */
  latest(): Record<string, number> {
    const newest = new Map<string, Counted>();
    for (const report of this.#reports) {
      const before = newest.get(report.user);
      if (before === undefined || report.date >= before.date) newest.set(report.user, report);
    }
    return tally([...newest.values()].map(({ version }) => version));
  }

  reports(from: CalendarDate, to: CalendarDate): Record<string, number> {
    const found = this.#reports.filter(({ date }) => date >= from && date <= to);
    return tally(found.map(({ field }) => field));
  }

  /** People by field, from a day to another; who said two counts under both, on one day too. */
  fieldPeople(from: CalendarDate, to: CalendarDate): Record<string, number> {
    const found = this.#reports.filter(({ date }) => date >= from && date <= to);
    const pairs = new Set(found.map(({ user, field }) => JSON.stringify([field, user])));
    return tally([...pairs].map((pair) => (JSON.parse(pair) as [string])[0]));
  }

  #place(dimension: 'version' | 'field', value: string): string {
    const places = this.#places[dimension];
    const kept = places.has(value) || places.size < PLACES ? value : 'other';
    places.add(kept);
    return kept;
  }

  #close(day: CalendarDate): void {
    const from = addDays(day, -30);
    const far = addDays(day, 365);
    this.#giveUp('version', this.people(from, far));
    this.#giveUp('field', this.reports(from, far));
  }

  #giveUp(dimension: 'version' | 'field', uses: Readonly<Record<string, number>>): void {
    const places = this.#places[dimension];
    if (places.size <= FULL) return;
    const rare = [...places]
      .map((value) => ({ value, n: uses[value] ?? 0 }))
      .filter(({ value, n }) => value !== 'other' && n < RARE)
      .sort((a, b) => a.n - b.n || (a.value < b.value ? -1 : 1));
    for (const { value } of rare) {
      // The places that are taken once `other` has its own.
      if (places.size + (places.has('other') ? 0 : 1) <= FULL) break;
      places.delete(value);
      places.add('other');
      for (const report of this.#reports) {
        if (report[dimension] === value) report[dimension] = 'other';
      }
    }
  }
}

function tally(values: readonly string[]): Record<string, number> {
  const figures: Record<string, number> = {};
  for (const value of values) figures[value] = (figures[value] ?? 0) + 1;
  return figures;
}
