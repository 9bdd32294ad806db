import type { Env } from '../platform/platform.js';
import { disablingVariable } from './environment.js';
import { testRunnerIn } from './test-runners.js';

/** The developer's default, if neither the environment nor the user decides. */
export type Mode = 'on' | 'local' | 'off' | 'opt-in';

/** The user's choice and where it is stored. */
export interface Choice {
  /** `unreadable` if a choice is stored but cannot be read. */
  readonly telemetry: 'on' | 'off' | 'unreadable';
  readonly source: string;
  /** The user lets only `startup` and `alive` be reported. */
  readonly level?: 'basic' | undefined;
  /** The hash of the events that were declared when the user chose. */
  readonly events?: string;
}

/** The settings of the code, the environment and the user about sending. */
export interface ConsentInput {
  readonly env: Env;
  readonly project: string;
  /** The option `disabled`. */
  readonly disabled: boolean;
  /** The option `inTests`. */
  readonly inTests: boolean;
  /** The option `mode`. */
  readonly mode: Mode;
  /** What shows that a test runner runs this process. By default, only the variables are read. */
  readonly testRunner?: () => string | undefined;
  /** The user's saved choice, for this project or else for all. Read only if it matters. */
  readonly choice: () => Choice | undefined;
}

/** Which rule decided. */
export type ConsentRule =
  | 'child'
  | 'environment'
  | 'code'
  | 'test-runner'
  | 'choice'
  | 'unreadable-choice'
  | 'mode'
  | 'default';

/** A decision, and the rule that made it. */
export interface Consent {
  /** `local`: reports are recorded and stay on this machine. */
  readonly mode: 'on' | 'local' | 'off';
  readonly rule: ConsentRule;
  /** The variable, option or file that decided, if any. */
  readonly source?: string;
  /** The user lets only `startup` and `alive` be reported. */
  readonly level?: 'basic';
}

const ON: Consent = { mode: 'on', rule: 'default' };

/**
 * Whether reports may be recorded and sent. The first rule that matches decides:
 *
 * 0. inside Headcount's own sending child: off
 * 1. `DO_NOT_TRACK` is set: off (https://donottrack.sh)
 * 2. `HEADCOUNT_DISABLED` is set: off
 * 3. `<PROJECT>_TELEMETRY_DISABLED` is set: off
 * 4. `disabled: true` in the code: off
 * 5. a test runner runs the code (`NODE_ENV=test`, `VITEST`, mocha, …): off, unless the code says
 *    `inTests: true`
 * 6. the user has chosen, for this project or else for all: as chosen. A stored but unreadable
 *    choice means off
 * 7. `mode` in the code: `off` and `opt-in` mean off, `local` means that nothing is ever sent
 * 8. otherwise: on
 *
 * "Set" means any value except `0`, `false`, `off`, `no` and the empty string. No code can
 * override the variables.
 */
export function decideConsent(input: ConsentInput): Consent {
  const { env, project, disabled, inTests, mode, testRunner = () => testRunnerIn(env) } = input;
  if (env['HEADCOUNT_CHILD'] !== undefined) return { mode: 'off', rule: 'child' };
  const variable = disablingVariable(env, project);
  if (variable !== undefined) return { mode: 'off', rule: 'environment', source: variable };
  if (disabled) return { mode: 'off', rule: 'code', source: 'disabled' };
  const runner = inTests ? undefined : testRunner();
  if (runner !== undefined) return { mode: 'off', rule: 'test-runner', source: runner };
  const choice = input.choice();
  if (choice?.telemetry === 'unreadable') {
    return { mode: 'off', rule: 'unreadable-choice', source: choice.source };
  }
  if (choice) {
    const { telemetry, source, level } = choice;
    return { mode: telemetry, rule: 'choice', source, ...(level && { level }) };
  }
  if (mode === 'on') return ON;
  return { mode: mode === 'local' ? 'local' : 'off', rule: 'mode', source: mode };
}
