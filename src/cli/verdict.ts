import type { Status } from '../api.js';
import type { DiagnoseResult, SendPlan } from '../delivery/answers.js';
import { OBSTACLES } from '../delivery/obstacles.js';
import { explain, type Situation } from './reasons.js';

/** The end of a diagnosis. */
export interface Verdict {
  readonly willBeSent: boolean;
  /** How and when the next report is sent, or why none is: one sentence. */
  readonly text: string;
}

/** What the verdict is about. */
export interface Examined extends Situation {
  readonly status: Status;
  readonly diagnosis: DiagnoseResult;
  /** No program of this name has reported from here, and nobody has named its collector. */
  readonly isUnknown: boolean;
}

/** Says whether the next report of a program will be sent. */
export function verdictOf(examined: Examined): Verdict {
  const stop = stopOf(examined);
  const { diagnosis } = examined;
  if (stop === undefined && diagnosis.ok) {
    return { willBeSent: true, text: `The next report will be sent ${wayOf(diagnosis)}.` };
  }
  return { willBeSent: false, text: `Nothing will be sent: ${stop ?? 'the check failed'}.` };
}

/** The first thing that stops reports, in the order in which a report meets them. */
function stopOf(examined: Examined): string | undefined {
  const { status, diagnosis, isUnknown } = examined;
  if (status.mode !== 'on') return explain(examined).because;
  if (status.reason !== undefined) return explain(examined).because; // files are missing
  if (status.warnings.some(({ reason }) => reason === 'notice-not-shown')) {
    return 'the program has not told you yet what it collects';
  }
  if (!diagnosis.ok) return `the check failed (${diagnosis.error})`;
  if (isUnknown) {
    return `no program called "${status.project ?? ''}" has reported from here, so its collector is not known; name it with --endpoint`;
  }
  const { isRetired, proxy, collector, isImplicit } = diagnosis;
  if (isRetired) return 'the collector no longer accepts reports of this version (410)';
  if (proxy && (proxy.isUnsupported ?? proxy.address === undefined)) {
    return `${proxy.variable} does not name a proxy that can be used`;
  }
  const endpoint = status.endpoint ?? 'the collector';
  if (collector?.reached === false) {
    return isImplicit
      ? `no collector is named, and none answers at ${endpoint} (${collector.error})`
      : `${endpoint} cannot be reached (${collector.error})`;
  }
  if (collector && collector.status >= 500) return `${endpoint} fails (${collector.status})`;
  return undefined;
}

/** When and how the next report leaves. */
function wayOf({ plan, nextAttempt }: Extract<DiagnoseResult, { ok: true }>): string {
  return nextAttempt === undefined
    ? `${whileRunning(plan)}${orAtEnd(plan)}`
    : `after ${nextAttempt}, because earlier attempts have failed: by the program if it still runs then, or by a later run`;
}

const whileRunning = ({ threadAfterMs }: SendPlan): string =>
  threadAfterMs === 0
    ? 'at once by a thread of the program'
    : `${threadAfterMs / 1000} s after it is made, by a thread of the program`;

function orAtEnd(plan: SendPlan): string {
  const { hasExitProcess, obstacle, exitBudgetMs, exitProcessNotBefore: notBefore } = plan;
  const isNow = notBefore === undefined;
  if (hasExitProcess && isNow) {
    const unless = plan.mayEndEarly ? ', unless its container ends too' : '';
    return `, or by a process of its own as soon as the program ends${unless}`;
  }
  if (exitBudgetMs !== undefined) {
    const after = isNow ? '' : ` after ${notBefore}`;
    return `, or when the program ends${after}, which waits up to ${exitBudgetMs} ms for it`;
  }
  const why = obstacle ? ` (no process can be started: ${OBSTACLES[obstacle].text})` : '';
  const later =
    isNow || !hasExitProcess
      ? 'by the next run that lasts long enough'
      : `by the process of a run that ends after ${notBefore}`;
  return `; if the program ends before that, ${later}${why}`;
}
