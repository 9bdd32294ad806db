import {
  type Declared,
  isReadable,
  type NaiveReport,
  understand,
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
  readonly #deletedAt = new Map<string, number>();
  readonly #zones = new Map<string, string>();
  readonly #declared = new Map<string, Declared>();
  #changedAt: number | undefined;

  /** @param zone - Of projects that have none of their own. */
  constructor(private readonly zone: string) {}

  /** Counts a request's reports. @returns How many can be read. */
  take(reports: readonly WireReport[], receivedAt: number, sentAt?: string): number {
    const readable = reports.filter(isReadable);
    for (const wire of readable) {
      const project = String(wire['project']);
      const declared = this.#declared.get(project);
      const report = understand(wire, { receivedAt, sentAt, zone: this.zoneOf(project), declared });
      this.#count(report, receivedAt);
    }
    if (readable.length > 0) {
      this.#changedAt = receivedAt;
      this.#forgetOld(receivedAt);
    }
    return readable.length;
  }

  /** Forgets a user, and what the user made until then and sends later. */
  delete(project: string, user: string, at: number): void {
    this.#reports = this.#reports.filter((one) => one.project !== project || one.user !== user);
    this.#deletedAt.set(`${project} ${user}`, Math.max(at, this.deletedAt(project, user)));
    this.#changedAt = at;
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

  get changedAt(): number | undefined {
    return this.#changedAt;
  }

  /** @param project - `null` is all of them. */
  users(project: string | null): NaiveUser[] {
    const users = new Map<string, { project: string; user: string; reports: NaiveReport[] }>();
    for (const report of this.#reports) {
      if (project !== null && report.project !== project) continue;
      const key = `${report.project} ${report.user}`;
      const user = users.get(key) ?? { ...report, reports: [] };
      user.reports.push(report);
      users.set(key, user);
    }
    return [...users.values()];
  }

  arrived(project: string | null): NaiveReport[] {
    return this.#arrived.filter((report) => project === null || report.project === project);
  }

  #count(report: NaiveReport, receivedAt: number): void {
    if (report.once !== undefined) {
      if (this.#seen.has(report.once)) return;
      this.#seen.set(report.once, receivedAt);
    }
    if (report.madeAt <= this.deletedAt(report.project, report.user)) return;
    this.#reports.push(report);
    this.#arrived.push(report);
  }

  /** What was sent or deleted longer ago, by days of UTC, is remembered until reports come. */
  #forgetOld(now: number): void {
    const oldest = Date.parse(new Date(now).toISOString().slice(0, 10)) - REMEMBERED_MS;
    for (const memory of [this.#seen, this.#deletedAt]) {
      for (const [key, at] of memory) if (at < oldest) memory.delete(key);
    }
  }
}
