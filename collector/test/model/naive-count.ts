import type { CalendarDate } from './calendar.js';
import {
  isOfAll,
  isOfReports,
  type NaiveCleaning,
  type NaiveSelection,
  takesReport,
  takesUser,
} from './naive-cleaning.js';
import { marksOf } from './naive-marks.js';
import { isTooOld, momentsTold } from './naive-moments.js';
import {
  type Declared,
  type NaiveReport,
  understand,
  whyRefused,
  type WireReport,
} from './naive-report.js';

/** For how long reports and deletions are remembered: 35 days. */
const REMEMBERED_MS = 35 * 86_400_000;

/** A user, as the list of reports that still count, in the order in which they came. */
export interface NaiveUser {
  readonly project: string;
  readonly user: string;
  readonly reports: readonly NaiveReport[];
}

/** Something that `quality` counts. */
export interface NaiveNote {
  readonly project: string | null;
  /** The day of receipt by UTC. */
  readonly date: CalendarDate;
  readonly kind: string;
}

/**
 * A collector as simple as it can be: it keeps every report, and counts all of them anew for every
 * question. Written from the documentation; shares no code with what it is compared to.
 */
export class NaiveCount {
  /** Reports of users nobody has deleted since. */
  #reports: NaiveReport[] = [];
  /** Reports as such; they stay when their user goes. */
  readonly #arrived: NaiveReport[] = [];
  /** Reports that count no second time, and when they came. */
  readonly #seen = new Map<string, number>();
  readonly #notes: NaiveNote[] = [];
  readonly #deletedAt = new Map<string, number>();
  readonly #zones = new Map<string, string>();
  readonly #declared = new Map<string, Declared>();
  readonly #cleanings: NaiveCleaning[] = [];
  #changedAt: number | undefined;
  #countrySince: CalendarDate | undefined;

  /** @param zone - Of projects that have none of their own. */
  constructor(private readonly zone: string) {}

  /** Counts a request's reports. @returns How many can be read. */
  take(
    reports: readonly WireReport[],
    receivedAt: number,
    sentAt?: string,
    country?: string,
  ): number {
    const date = utcDate(receivedAt);
    const told = reports
      .filter((wire) => whyRefused(wire) === undefined)
      .flatMap((wire) => momentsTold(wire['report_id'], wire['timestamp']));
    let readable = 0;
    let inTime = 0;
    for (const wire of reports) {
      const refusal = whyRefused(wire);
      const name = wire['project'];
      const project = typeof name === 'string' ? name : null;
      const note = (kind: string): void => void this.#notes.push({ project, date, kind });
      if (refusal !== undefined || project === null) {
        note(`rejected:${refusal}`);
        continue;
      }
      readable++;
      const declared = this.#declared.get(project);
      const circumstances = {
        ...{ receivedAt, sentAt, told, zone: this.zoneOf(project), declared, country },
      };
      if (isTooOld(wire['report_id'], String(wire['timestamp']), circumstances)) {
        note('too_old');
        continue;
      }
      inTime++;
      const outcome = this.#count(understand(wire, circumstances), receivedAt);
      note(outcome);
      const isFirst = this.#countrySince === undefined || date < this.#countrySince;
      if (outcome === 'accepted' && country !== undefined && isFirst) this.#countrySince = date;
      if (outcome === 'accepted') marksOf(wire, circumstances).forEach(note);
    }
    if (readable > 0) this.#change(receivedAt);
    if (inTime > 0) this.#forgetOld(receivedAt);
    return readable;
  }

  /** Forgets a user, and what the user made until then and sends later. */
  delete(project: string, user: string, at: number): void {
    this.#reports = this.#reports.filter((one) => one.project !== project || one.user !== user);
    this.#deletedAt.set(`${project} ${user}`, Math.max(at, this.deletedAt(project, user)));
    this.#change(at);
  }

  /** A clock that is set back does not make the counts older. */
  #change(at: number): void {
    this.#changedAt = Math.max(at, this.#changedAt ?? at);
  }

  setZone(project: string, zone: string): void {
    this.#zones.set(project, zone);
  }

  declare(project: string, events: Declared | undefined): void {
    if (events === undefined) this.#declared.delete(project);
    else this.#declared.set(project, events);
  }

  zoneOf(project: string | null): string {
    return (project === null ? undefined : this.#zones.get(project)) ?? this.zone;
  }

  deletedAt(project: string, user: string): number {
    return this.#deletedAt.get(`${project} ${user}`) ?? -Infinity;
  }

  /** The day by UTC on which the first report came whose country was looked up. */
  get countrySince(): CalendarDate | undefined {
    return this.#countrySince;
  }

  get changedAt(): number | undefined {
    return this.#changedAt;
  }

  /** Hides what is there now. @returns How many people. */
  clean(id: string, until: number, selection: NaiveSelection): number {
    const { project } = selection;
    const users = isOfReports(selection)
      ? []
      : this.users(project).filter((user) => takesUser(selection, user));
    const keys = new Set(users.map((user) => `${user.project} ${user.user}`));
    const covers = this.#cleanings.filter(
      (one) => !one.isUndone && [...one.users].some((key) => keys.has(key)),
    );
    const arrived = this.arrived(project).filter(
      (report) => isOfAll(selection) || (isOfReports(selection) && takesReport(selection, report)),
    );
    const notes = isOfAll(selection) ? this.noted(project) : [];
    const hidden = [...users.flatMap(({ reports }) => reports), ...notes];
    // Reports of people and reports as such are hidden apart.
    const wrapped = arrived.map((report) => this.#asSuch(report));
    const reports = new Set<object>([...hidden, ...wrapped]);
    const saidBy = isOfReports(selection)
      ? arrived.map((report) => `${report.project} ${report.user}`)
      : [];
    const cleaning = { id, until, reports, users: keys, saidBy: new Set(saidBy), covers };
    this.#cleanings.push({ ...cleaning, isUndone: false });
    return users.filter(({ reports: all }) => !all.every(({ ci }) => ci)).length;
  }

  cleaning(which: number): NaiveCleaning | undefined {
    return this.#cleanings[which % Math.max(1, this.#cleanings.length)];
  }

  /** Whether a later cleaning that hid the same people must be undone before. */
  isCovered(cleaning: NaiveCleaning): boolean {
    return this.#cleanings.some((one) => !one.isUndone && one.covers.includes(cleaning));
  }

  /** All that is kept of a user, whether it is hidden or not. */
  kept(project: string, user: string): NaiveUser | undefined {
    const reports = this.#reports.filter((one) => one.project === project && one.user === user);
    return reports.length === 0 ? undefined : { project, user, reports };
  }

  /** Whether something of a user is hidden that may have been erased for good by a moment. */
  isPastUndoing(project: string, user: string, at: number): boolean {
    const key = `${project} ${user}`;
    return this.#cleanings.some(
      (one) => !one.isUndone && one.until <= at && (one.users.has(key) || one.saidBy.has(key)),
    );
  }

  #isHidden(thing: object): boolean {
    return this.#cleanings.some(({ reports, isUndone }) => !isUndone && reports.has(thing));
  }

  /** @param project - `null` is all of them. */
  users(project: string | null): NaiveUser[] {
    const users = new Map<string, { project: string; user: string; reports: NaiveReport[] }>();
    for (const report of this.#reports) {
      if (project !== null && report.project !== project) continue;
      if (this.#isHidden(report)) continue;
      const { project: of, user: name } = report;
      const key = `${of} ${name}`;
      const user = users.get(key) ?? { project: of, user: name, reports: [] };
      user.reports.push(report);
      users.set(key, user);
    }
    return [...users.values()];
  }

  arrived(project: string | null): NaiveReport[] {
    return this.#arrived.filter(
      (report) =>
        (project === null || report.project === project) && !this.#isHidden(this.#asSuch(report)),
    );
  }

  /** @param project - `null` is all of them. */
  noted(project: string | null): NaiveNote[] {
    return this.#notes.filter(
      (note) => (project === null || note.project === project) && !this.#isHidden(note),
    );
  }

  /** Reports that installs say they had to drop. */
  lost(project: string | null): number {
    return this.users(project)
      .map(({ reports }) => Math.max(...reports.map(({ lost }) => lost)))
      .reduce((sum, lost) => sum + lost, 0);
  }

  #count(report: NaiveReport, receivedAt: number): 'accepted' | 'duplicates' | 'forgotten' {
    if (report.once !== undefined) {
      if (this.#seen.has(report.once)) return 'duplicates';
      this.#seen.set(report.once, receivedAt);
    }
    if (report.madeAt <= this.deletedAt(report.project, report.user)) return 'forgotten';
    this.#reports.push(report);
    this.#arrived.push(report);
    return 'accepted';
  }

  readonly #suchs = new Map<NaiveReport, object>();

  #asSuch(report: NaiveReport): object {
    const such = this.#suchs.get(report) ?? {};
    this.#suchs.set(report, such);
    return such;
  }

  /** What was sent or deleted longer ago, by days of UTC, is remembered until reports come. */
  #forgetOld(now: number): void {
    const oldest = Date.parse(utcDate(now)) - REMEMBERED_MS;
    for (const memory of [this.#seen, this.#deletedAt]) {
      for (const [key, at] of memory) if (at < oldest) memory.delete(key);
    }
  }
}

const utcDate = (at: number): CalendarDate => new Date(at).toISOString().slice(0, 10);
