import type { Env } from '../platform/platform.js';
import { disablingVariable, testRunner } from './environment.js';

/** What the code and the environment say about sending. */
export interface ConsentInput {
  readonly env: Env;
  readonly project: string;
  /** The option `disabled`. */
  readonly disabled: boolean;
  /** The option `inTests`. */
  readonly inTests: boolean;
}

/** Why telemetry is on or off. */
export type ConsentRule = 'child' | 'environment' | 'code' | 'test-runner' | 'default';

/** A decision, and the rule that made it. */
export interface Consent {
  readonly mode: 'on' | 'off';
  readonly rule: ConsentRule;
  /** The variable or option that decided, where one did. */
  readonly source?: string;
}

const ON: Consent = { mode: 'on', rule: 'default' };

/**
 * Whether reports may be made and sent. The first rule that matches decides:
 *
 * 0. inside Headcount's own sending child: off
 * 1. `DO_NOT_TRACK` is set: off (https://donottrack.sh)
 * 2. `HEADCOUNT_DISABLED` is set: off
 * 3. `<PROJECT>_TELEMETRY_DISABLED` is set: off
 * 4. `disabled: true` in the code: off
 * 5. a test runner runs the code (`NODE_ENV=test`, `VITEST`, `JEST_WORKER_ID`, …): off, unless the
 *    code says `inTests: true`
 * 6. otherwise: on
 *
 * "Set" means any value but `0`, `false`, `off`, `no` and the empty one. No code can override the
 * variables.
 */
export function decideConsent({ env, project, disabled, inTests }: ConsentInput): Consent {
  if (env['HEADCOUNT_CHILD'] !== undefined) return { mode: 'off', rule: 'child' };
  const variable = disablingVariable(env, project);
  if (variable !== undefined) return { mode: 'off', rule: 'environment', source: variable };
  if (disabled) return { mode: 'off', rule: 'code', source: 'disabled' };
  const runner = inTests ? undefined : testRunner(env);
  if (runner !== undefined) return { mode: 'off', rule: 'test-runner', source: runner };
  return ON;
}
