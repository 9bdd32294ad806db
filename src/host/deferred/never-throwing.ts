import { type FlushResult, NOT_STARTED } from '../../api.js';
import type { Consent } from '../../consent/decide.js';
import { isThenable } from '../../type-guards.js';
import { NOTHING_FLUSHED } from './inert-headcount.js';

const OFF: Consent = { mode: 'off', rule: 'code' };
const ERROR = 'something that Headcount needs was removed from the process: ';

/**
 * The same control, none of whose methods throws or rejects. The app may have removed what they
 * need from `process` or `globalThis`.
 *
 * @param queued - counts the reports that are still queued. It may throw
 */
export function neverThrowing<Control extends object>(
  control: Control,
  project: string,
  queued: () => number,
): Control {
  const flushed = (): FlushResult => ({ ...NOTHING_FLUSHED, queued: countOf(queued) });
  const failed = (error: unknown) => ({ ok: false, source: 'nowhere', error: wordsOf(error) });
  const answers: Readonly<Record<string, (error: unknown) => unknown>> = {
    flush: flushed,
    close: flushed,
    notice: () => undefined,
    optIn: failed,
    optOut: failed,
    show: failed,
    proofs: failed,
    export: failed,
    forget: failed,
    diagnose: failed,
    isNoticeDue: () => true,
    status: (error) => ({
      mode: 'off',
      reason: 'broken-process',
      consent: OFF,
      project,
      endpoint: undefined,
      ...NOT_STARTED,
      queued: countOf(queued),
      error: wordsOf(error),
      warnings: [],
    }),
  };
  // The casts: each answer has the type of its method's result, which a mapped type loses.
  const methods = control as unknown as Record<string, (...given: unknown[]) => unknown>;
  const guarded = Object.keys(control).map((name) => {
    const answer = Object.hasOwn(answers, name) ? answers[name] : undefined;
    const guard = (...given: unknown[]): unknown => {
      try {
        const result = methods[name]?.(...given);
        return isThenable(result) ? result.then(undefined, answer ?? nothing) : result;
      } catch (error) {
        return answer?.(error);
      }
    };
    return [name, guard] as const;
  });
  return Object.fromEntries(guarded) as unknown as Control;
}

function countOf(queued: () => number): number {
  try {
    return queued();
  } catch {
    return 0;
  }
}

const nothing = (): undefined => undefined;

const wordsOf = (error: unknown): string =>
  ERROR + (error instanceof Error ? error.message : 'it is not known what');
