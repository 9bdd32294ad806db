import type { Journal } from '../journal/journal.js';
import { takeReports, type Taken } from './take-reports.js';

export interface IntakeParts {
  readonly journal: Pick<Journal, 'append'>;
  /** The key of user hashes. */
  readonly pepper: Uint8Array;
  readonly now: () => Date;
}

/** Takes reports in: checks them and puts them on disk. */
export interface Intake {
  /**
   * Resolves once what can be kept is on disk.
   *
   * @param sentAt - The client's clock when it sent them, as it wrote it.
   * @throws What `Journal.append()` throws; then nothing is kept.
   */
  take(reports: readonly unknown[], sentAt?: string): Promise<Taken>;
}

/** Creates the intake. */
export function createIntake({ journal, pepper, now }: IntakeParts): Intake {
  return {
    take: async (reports, sentAt) => {
      const taken = takeReports(reports, { pepper, receivedAt: now(), sentAt });
      if (taken.entries.length > 0) await journal.append(taken.entries);
      return taken;
    },
  };
}
