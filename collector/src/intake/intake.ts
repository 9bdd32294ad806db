import { createSecretKey } from 'node:crypto';
import type { Projects } from '../access/projects.js';
import type { Journal } from '../journal/journal.js';
import type { ClockGuard } from './clock-guard.js';
import type { Refusals } from './refusals.js';
import { takeReports, type Taken } from './take-reports.js';

export interface IntakeParts {
  readonly journal: Pick<Journal, 'append'>;
  /** The key of user hashes. */
  readonly pepper: Uint8Array;
  readonly projects: Pick<Projects, 'admit'>;
  readonly refusals: Pick<Refusals, 'add'>;
  readonly clock: Pick<ClockGuard, 'now'>;
}

/** What a request says beside its reports. */
export interface RequestFacts {
  /** The client's clock when it sent them, as it wrote it. */
  readonly sentAt?: string | undefined;
  /** The write key it came with. */
  readonly key?: string | undefined;
}

/** Takes reports in: checks them and puts them on disk. */
export interface Intake {
  /**
   * Resolves once what can be kept is on disk.
   *
   * @throws What `Journal.append()` and `ClockGuard.now()` throw; then nothing is kept.
   */
  take(reports: readonly unknown[], request?: RequestFacts): Promise<Taken>;
}

/** Creates the intake. */
export function createIntake(parts: IntakeParts): Intake {
  const { journal, projects, refusals, clock } = parts;
  // A key that is prepared once: a quarter of the time of hashing an ID.
  const pepper = createSecretKey(parts.pepper);
  return {
    take: async (reports, { sentAt, key } = {}) => {
      const taken = takeReports(reports, {
        pepper,
        receivedAt: clock.now(),
        sentAt,
        admit: (project) => projects.admit(project, key),
      });
      if (taken.entries.length > 0) await journal.append(taken.entries);
      // Not before: what could not be kept is sent again, the refused with it.
      for (const { index, code } of taken.rejected) refusals.add(code, projectOf(reports[index]));
      return taken;
    },
  };
}

function projectOf(report: unknown): unknown {
  return typeof report === 'object' && report !== null && 'project' in report
    ? report.project
    : undefined;
}
