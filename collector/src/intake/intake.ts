import { createSecretKey } from 'node:crypto';
import type { RejectedReport } from 'headcount/wire';
import type { Admission, ProjectRefusal, Projects } from '../access/projects.js';
import type { ReportEntry } from '../journal/journal-entry.js';
import type { Journal } from '../journal/journal.js';
import { isRecord } from '../is-record.js';
import { checkReport, type Rejection } from './check-report.js';
import type { ClockGuard } from './clock-guard.js';
import type { Refusals } from './refusals.js';
import { type Receipt, toJournalEntry } from './to-journal-entry.js';

export interface IntakeParts {
  readonly journal: Pick<Journal, 'append'>;
  /** The key of user hashes. */
  readonly pepper: Uint8Array;
  readonly projects: Pick<Projects, 'admit'>;
  readonly refusals: Pick<Refusals, 'add'>;
  readonly clock: Pick<ClockGuard, 'now'>;
  /** The projects of which reports have been counted before. */
  readonly countedProjects: readonly string[];
  /** Told once a report of any other project is on disk. */
  readonly onFirstReport: (project: string) => void;
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
  const { journal, projects, refusals, clock, onFirstReport } = parts;
  const known = new Set(parts.countedProjects);
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
      for (const { project } of taken.entries) {
        if (known.has(project)) continue;
        known.add(project);
        onFirstReport(project);
      }
      // Not before: what could not be kept is sent again, the refused with it.
      for (const { index, code } of taken.rejected) refusals.add(code, projectOf(reports[index]));
      return taken;
    },
  };
}

function projectOf(report: unknown): unknown {
  return isRecord(report) ? report['project'] : undefined;
}

/** What can be kept of a request's reports, and what was refused. */
interface Taken {
  readonly entries: readonly ReportEntry[];
  readonly rejected: readonly RejectedReport[];
  /** The refusal that stands for all where nothing was taken, in full. */
  readonly chief: (Rejection & { readonly index: number }) | undefined;
}

export interface TakeParts extends Receipt {
  /** Asks a report's project whether it takes it. */
  readonly admit: (project: string) => Admission;
}

/** Checks reports and makes journal entries of those that can be read and are taken. */
function takeReports(reports: readonly unknown[], parts: TakeParts): Taken {
  const entries: ReportEntry[] = [];
  const rejections: (Rejection & { readonly index: number })[] = [];
  for (const [index, value] of reports.entries()) {
    const checked = checkReport(value);
    if (checked.report === undefined) {
      rejections.push({ ...checked.rejection, index });
      continue;
    }
    const admission = parts.admit(checked.report.project.toWellFormed());
    if (admission.isAdmitted) {
      entries.push(toJournalEntry(checked.report, parts, admission));
    } else {
      rejections.push({ ...explainRefusal(admission.refusal), index });
    }
  }
  return { entries, rejected: rejections.map(toRejectedReport), chief: chiefOf(rejections) };
}

function toRejectedReport({ index, code, path, retry }: Taken['rejected'][number]): RejectedReport {
  return { index, code, path, retry };
}

/**
 * A client stops for good at 410, and keeps what it has at 503: so a closed project speaks for all
 * only where it does, and what may be sent again comes before what may not.
 */
function chiefOf(rejections: readonly (Rejection & { readonly index: number })[]): Taken['chief'] {
  return (
    rejections.find(({ retry }) => retry) ??
    rejections.find(({ code }) => code !== 'project_closed') ??
    rejections[0]
  );
}

const DETAILS: Record<ProjectRefusal, string> = {
  project_closed: 'The project is closed, or was never opened here. Stop sending its reports.',
  too_many_projects: 'A project of this name would be one too many. Keep its reports.',
  key_required: 'Send the project’s write key as Authorization: Bearer.',
  key_wrong: 'The key may have been replaced.',
};

/** A project's refusal, as it is told for each of its reports. */
function explainRefusal(refusal: ProjectRefusal): Rejection {
  return {
    code: refusal,
    path: '/project',
    detail: DETAILS[refusal],
    retry: refusal === 'too_many_projects',
  };
}
