import type { Cause } from '../../../web/page/cause.js';
import type { Status, Worst } from '../../../web/page/overview-status.js';
import type { Part } from '../../../web/page/part.js';
import { isRecord } from '../../is-record.js';
import { refusedShare, remarkableRefusals } from '../../morning/find-warnings.js';
import { shownOf } from '../try-part.js';
import type { QualityAnswer, SilenceAnswer } from './answers.js';

/** Figures that are older than this are called old, in milliseconds. */
const OLD_MS = 60_000;

/** Warnings of the whole collector that concern every project; the worst first. */
const CONDITIONS = [
  ...['restore', 'disk_full_soon', 'disk', 'errors', 'backup', 'proxy', 'certificate', 'log'],
  ...['memory_free', 'memory', 'cpu', 'notices'],
];

export interface StatusAnswers {
  readonly silence: Part<SilenceAnswer>;
  /** The last 7 days. */
  readonly recent: Part<QualityAnswer>;
  /** The weeks before them. */
  readonly usual: Part<QualityAnswer>;
  /** The body of `GET /health`; failed if the collector is not healthy. */
  readonly health: Part<unknown>;
}

/** The moments that an answer is judged by, in ISO 8601. */
export interface Moments {
  readonly asOf: string;
  readonly now: string;
}

/** How the project and the collector are, as far as the caller may know. */
export function toStatus(answers: StatusAnswers, moments: Moments): Status {
  const recent = shownOf(answers.recent);
  const project = shownOf(answers.silence)?.rows.find(({ kind }) => kind === 'project');
  const age = project?.age_seconds;
  return {
    worst: findWorst(answers, moments) ?? null,
    lastReportMs: typeof age === 'number' ? age * 1000 : null,
    refusedShare: recent === undefined ? null : refusedShare(recent),
    lost: recent === undefined ? null : lostOf(recent),
    backup: backupOf(shownOf(answers.health), moments),
  };
}

const lostOf = ({ unknown_losses: unknown, lost_in_restore: lost }: QualityAnswer) =>
  unknown > 0 ? 'unknown' : lost;

function findWorst(answers: StatusAnswers, moments: Moments): Worst | undefined {
  const { silence, recent, usual, health } = answers;
  if (health.state === 'failed') return { kind: 'unhealthy' };
  const ageMs = Date.parse(moments.now) - Date.parse(moments.asOf);
  if (ageMs > OLD_MS) return { kind: 'stale', asOf: moments.asOf, ageMs };
  const [now, before] = [shownOf(recent), shownOf(usual)];
  const lost = now === undefined ? 0 : lostOf(now);
  return (
    silent(shownOf(silence)) ??
    (lost === 0 ? undefined : ({ kind: 'lost', reports: lost } as const)) ??
    (now === undefined || now.uncountable === 0
      ? undefined
      : ({ kind: 'uncountable', reports: now.uncountable } as const)) ??
    condition(shownOf(health)) ??
    refused(now, before)
  );
}

function silent(silence: SilenceAnswer | undefined): Worst | undefined {
  const project = silence?.rows.find(({ kind }) => kind === 'project');
  if (project?.state !== 'silent') return undefined;
  const { age_seconds: age, last_counted_at: lastAt, usual_gap_seconds: gap } = project;
  if (age === null || lastAt === null) return undefined;
  const usualGapMs = gap === null ? null : gap * 1000;
  return { kind: 'silent', silentMs: age * 1000, lastAt, usualGapMs };
}

function refused(
  recent: QualityAnswer | undefined,
  usual: QualityAnswer | undefined,
): Worst | undefined {
  if (recent === undefined || usual === undefined) return undefined;
  const found = remarkableRefusals(recent, usual);
  return found && { kind: 'refused', ...found };
}

function condition(health: unknown): Worst | undefined {
  const warnings = isRecord(health) ? health['warnings'] : undefined;
  if (!isRecord(warnings)) return undefined;
  for (const name of CONDITIONS) {
    const found = warnings[name];
    if (!isRecord(found) || found['state'] !== 'warning') continue;
    const { since, causes } = found;
    return {
      ...{ kind: 'condition', name, since: String(since) },
      // The route's schema says so, and its answers are of this process.
      causes: Array.isArray(causes) ? (causes as readonly Cause[]) : [],
    };
  }
  return undefined;
}

function backupOf(health: unknown, { now }: Moments): Status['backup'] {
  const warnings = isRecord(health) ? health['warnings'] : undefined;
  const backup = isRecord(warnings) ? warnings['backup'] : undefined;
  if (!isRecord(backup)) return null;
  const at = backup['last_success_at'];
  return { ageMs: typeof at === 'string' ? Date.parse(now) - Date.parse(at) : null };
}
