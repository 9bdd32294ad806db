import { createSecretKey } from 'node:crypto';
import type { ManifestEvents, RejectedReport } from 'headcount/wire';
import type { Admission, RefusalReason, Projects } from '../access/projects.js';
import type { ReportClaim } from '../access/report-limits.js';
import type { ReportEntry } from '../journal/journal-entry.js';
import type { Journal } from '../journal/journal.js';
import { isRecord } from '../is-record.js';
import { checkReport, type Rejection } from './check-report.js';
import type { ClockGuard } from './clock-guard.js';
import type { Acknowledging } from './acknowledging.js';
import type { Pace } from './pace.js';
import type { Refusals } from './refusals.js';
import type { NewIds } from './new-ids.js';
import type { NewValues } from './new-values.js';
import { noteNewest } from './note-newest.js';
import { type Receipt, toJournalEntry } from './to-journal-entry.js';
import { createWithinLimits, type Limited } from './within-limits.js';

export interface IntakeParts {
  readonly journal: Pick<Journal, 'append'>;
  /** The key of user hashes. */
  readonly pepper: Uint8Array;
  readonly projects: Pick<Projects, 'admit' | 'release'>;
  readonly newIds: NewIds;
  readonly newValues: NewValues;
  readonly refusals: Pick<Refusals, 'add'>;
  readonly clock: Pick<ClockGuard, 'now'>;
  readonly pace: Pace;
  readonly acknowledging: Acknowledging;
  /** The projects of which reports have been counted before. */
  readonly countedProjects: readonly string[];
  /** Called when the first report of any other project is acknowledged. */
  readonly onFirstReport: (project: string) => void;
  /** Called when reports are acknowledged, with their number. */
  readonly onAcknowledged: (reports: number) => void;
}

/** What a request says besides its reports. */
export interface RequestFacts {
  /** The client's clock when it sent them, as it wrote it. */
  readonly sentAt?: string | undefined;
  /** The write key it came with. */
  readonly key?: string | undefined;
  /** What it takes from the limits; nothing if it is not given. */
  readonly claim?: ReportClaim | undefined;
  /** The country it came from; `undefined` if it was not looked up. */
  readonly country?: string | undefined;
}

/** Checks reports and appends them to the journal. */
export interface Intake {
  /**
   * Resolves once the accepted reports may be acknowledged.
   *
   * @throws What `Journal.append()`, `ClockGuard.now()`, `ReportClaim.take()`, `Pace.admit()` and
   * `Acknowledging.admit()` throw; then nothing is kept. What `Acknowledging.until()` throws; then
   * the reports are on disk.
   */
  take(reports: readonly unknown[], request?: RequestFacts): Promise<Taken>;
}

/** Creates the intake. */
export function createIntake(parts: IntakeParts): Intake {
  const { journal, projects, refusals, clock, pace, acknowledging, onFirstReport } = parts;
  const known = new Set(parts.countedProjects);
  const withinLimits = createWithinLimits(parts);
  // Preparing the key once saves a quarter of the time that hashing an ID takes.
  const pepper = createSecretKey(parts.pepper);
  return {
    take: async (reports, { sentAt, key, claim, country } = {}) => {
      const created = new Set<string>();
      const admissions = new Map<string, Admission>();
      const admit = (project: string): Admission => {
        const admission = admissions.get(project) ?? projects.admit(project, key);
        admissions.set(project, admission);
        if (admission.isAdmitted && admission.isNew) created.add(project);
        return admission;
      };
      const checked = checkReports(reports, {
        ...{ pepper, receivedAt: clock.now(), sentAt, country, admit },
      });
      const eventsOf = (project: string): ManifestEvents | undefined => {
        const admission = admissions.get(project);
        return admission?.isAdmitted === true ? admission.events : undefined;
      };
      let entries: readonly ReportEntry[];
      let refused: Limited['refused'];
      let position: number | undefined;
      try {
        ({ entries, refused } = await withinLimits({
          ...{ entries: checked.entries, claim, created, eventsOf },
        }));
        entries = noteNewest(entries);
        if (entries.length > 0) {
          acknowledging.admit(entries.length);
          await pace.admit(entries.length);
          position = await journal.append(entries);
        }
      } catch (error) {
        projects.release([...created]);
        throw error;
      }
      const taken = toTaken(entries, [...checked.rejections, ...indexed(checked, refused)]);
      for (const { project } of entries) created.delete(project);
      projects.release([...created]);
      if (position !== undefined) {
        await acknowledging.until(position);
        parts.onAcknowledged(entries.length);
      }
      for (const { project } of taken.entries) {
        if (known.has(project)) continue;
        known.add(project);
        onFirstReport(project);
      }
      // Only now: if they are not acknowledged, the client sends the refused reports again too.
      for (const { index, code } of taken.rejected) refusals.add(code, projectOf(reports[index]));
      return taken;
    },
  };
}

function projectOf(report: unknown): unknown {
  return isRecord(report) ? report['project'] : undefined;
}

/** The accepted and the rejected reports of a request. */
export interface Taken<Entry = ReportEntry> {
  readonly entries: readonly Entry[];
  readonly rejected: readonly RejectedReport[];
  /** The rejection that answers the whole request if nothing was accepted. */
  readonly chief: IndexedRejection | undefined;
}

export interface TakeParts extends Receipt {
  /** Asks the project whether it accepts reports. */
  readonly admit: (project: string) => Admission;
}

/** A rejection, with the place of its report. */
export type IndexedRejection = Rejection & { readonly index: number };

/** The reports of a request, as far as they can be told without limits. */
interface Checked {
  readonly entries: readonly ReportEntry[];
  /** The place of each entry among the reports. */
  readonly indexes: readonly number[];
  readonly rejections: readonly IndexedRejection[];
}

/** Checks reports and turns the accepted ones into journal entries. */
function checkReports(reports: readonly unknown[], parts: TakeParts): Checked {
  const entries: ReportEntry[] = [];
  const indexes: number[] = [];
  const rejections: IndexedRejection[] = [];
  for (const [index, value] of reports.entries()) {
    const checked = checkReport(value);
    if (checked.report === undefined) {
      rejections.push({ ...checked.rejection, index });
      continue;
    }
    const admission = parts.admit(checked.report.project.toWellFormed());
    if (admission.isAdmitted) {
      entries.push(toJournalEntry(checked.report, parts, admission));
      indexes.push(index);
    } else {
      rejections.push({ ...explainRefusal(admission.reason), index });
    }
  }
  return { entries, indexes, rejections };
}

/** What limits have refused, with the places among the reports. */
function indexed({ entries, indexes }: Checked, refused: Limited['refused']): IndexedRejection[] {
  if (refused.size === 0) return [];
  return entries.flatMap((entry, at) => {
    const rejection = refused.get(entry);
    const index = indexes[at];
    return rejection === undefined || index === undefined ? [] : [{ ...rejection, index }];
  });
}

/** Puts together what becomes of a request. */
export function toTaken<Entry>(
  entries: readonly Entry[],
  rejections: readonly IndexedRejection[],
): Taken<Entry> {
  const inOrder = rejections.toSorted((a, b) => a.index - b.index);
  return { entries, rejected: inOrder.map(toRejectedReport), chief: chiefOf(inOrder) };
}

function toRejectedReport({ index, code, path, retry }: Taken['rejected'][number]): RejectedReport {
  return { index, code, path, retry };
}

/**
 * A client drops its reports at 410 and keeps them at 503. So a rejection that can succeed later
 * comes first, and a closed project only answers if all reports are of closed projects.
 */
function chiefOf(rejections: readonly IndexedRejection[]): Taken['chief'] {
  return (
    rejections.find(({ retry }) => retry) ??
    rejections.find(({ code }) => code !== 'project_closed') ??
    rejections[0]
  );
}

const DETAILS: Record<RefusalReason, string> = {
  project_closed: 'The project is closed, or was never opened here. Stop sending its reports.',
  too_many_projects: 'A project of this name would be one too many. Keep its reports.',
  key_required: 'Send the project’s write key as Authorization: Bearer.',
  key_wrong: 'The key may have been replaced.',
};

/** The rejection of each report that a project refuses. */
function explainRefusal(reason: RefusalReason): Rejection {
  return {
    code: reason,
    path: '/project',
    detail: DETAILS[reason],
    retry: reason === 'too_many_projects',
  };
}
