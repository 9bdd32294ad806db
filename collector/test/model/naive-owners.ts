/** Who sends a report or asks for a user's data: two installs, or one that has no secret. */
export type Who = 'A' | 'B' | 'nobody';

/** Who may ask for data: these, or the administrator. */
export type Asking = Who | 'administrator';

/** A report as far as it is about who owns an ID. */
export interface OwnedReport {
  readonly reportId: string;
  readonly project: string;
  readonly id: string;
  readonly by: Who;
  readonly madeAt: number;
}

interface Owned {
  owner: Who | undefined;
  reports: number;
}

/**
 * Who owns which ID, as the documentation says it: the first owner that a counted report names.
 * Shares no code with the collector.
 */
export class NaiveOwners {
  readonly #users = new Map<string, Owned>();
  readonly #deletedAt = new Map<string, number>();
  readonly #seen = new Set<string>();
  #reports = 0;

  take({ reportId, project, id, by, madeAt }: OwnedReport): void {
    if (this.#seen.has(reportId)) return;
    this.#seen.add(reportId);
    const key = `${project} ${id}`;
    if (madeAt <= (this.#deletedAt.get(key) ?? -Infinity)) return;
    const user = this.#users.get(key) ?? { owner: undefined, reports: 0 };
    this.#users.set(key, user);
    user.reports++;
    this.#reports++;
    if (user.owner === undefined && by !== 'nobody') user.owner = by;
  }

  /** How many reports of an ID are shown to somebody; `undefined` if nothing is. */
  shownTo(who: Asking, project: string, id: string): number | undefined {
    const user = this.#users.get(`${project} ${id}`);
    if (who === 'administrator') return user?.reports ?? 0;
    return user !== undefined && user.owner === who ? user.reports : undefined;
  }

  /** @returns Whether the data is deleted. */
  delete(who: Asking, project: string, id: string, at: number): boolean {
    if (this.shownTo(who, project, id) === undefined) return false;
    const key = `${project} ${id}`;
    this.#users.delete(key);
    this.#deletedAt.set(key, Math.max(at, this.#deletedAt.get(key) ?? -Infinity));
    return true;
  }

  get people(): number {
    return this.#users.size;
  }

  /** Counts of reports stay when the user goes. */
  get reports(): number {
    return this.#reports;
  }
}
