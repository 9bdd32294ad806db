import type { Failure } from '../../delivery/answers.js';
import { type FlushResult, type Headcount, NOT_STARTED } from '../../api.js';
import { decideConsent } from '../../consent/decide.js';
import { testRunner } from '../../consent/test-runners.js';
import type { ResolvedOptions } from '../../options.js';
import type { HostPlatform } from '../host-platform.js';
import { ENDPOINT_FAULTS } from '../../project/endpoint-faults.js';
import { runnerScript } from '../setup/runner-script.js';
import { noProjectWarnings } from './project-warnings.js';
import type { SetupFault } from '../../project/setup.js';
import { unreadableVariables } from './unreadable-variables.js';

/** What `flush()` resolves to if nothing was tracked. */
export const NOTHING_FLUSHED: FlushResult = { sent: 0, queued: 0, dropped: 0 };

const NO_PROJECT = 'no project was found: set the option project, or use --project';

function errorOf(fault: SetupFault): string {
  const faults: Readonly<Record<string, string>> = ENDPOINT_FAULTS;
  const expected = faults[fault.replace('endpoint-', '')];
  return expected === undefined ? NO_PROJECT : `the endpoint is not ${expected}`;
}

/** The instance for a program without a project or a usable endpoint. It does nothing. */
export function inertHeadcount(
  fault: SetupFault,
  options: ResolvedOptions,
  platform: HostPlatform,
): Headcount {
  const { project, endpoint, events } = options;
  const hidden = unreadableVariables(platform.env, project);
  // Options were checked before: what is no endpoint then is a variable that cannot be read.
  const isHidden = hidden.length > 0 && fault !== 'no-project';
  const error = isHidden ? (hidden[0]?.text ?? '') : errorOf(fault);
  const failed = (): Promise<Failure> => Promise.resolve({ ok: false, error });
  const unsaved = () => Promise.resolve({ ok: false, source: 'nowhere', error } as const);
  return {
    events,
    track: () => undefined,
    time: (_event, run) => run(),
    flush: () => Promise.resolve(NOTHING_FLUSHED),
    close: () => Promise.resolve(NOTHING_FLUSHED),
    notice: () => undefined,
    optIn: unsaved,
    optOut: unsaved,
    show: failed,
    proofs: failed,
    export: failed,
    forget: failed,
    diagnose: failed,
    status: () => ({
      mode: 'off',
      reason: isHidden ? 'unreadable-environment' : fault,
      consent: decideConsent({
        ...options,
        env: platform.env,
        project: project ?? '',
        testRunner: () => testRunner(platform, (script) => runnerScript(script, platform)),
        choice: () => undefined,
      }),
      project,
      endpoint,
      ...NOT_STARTED,
      warnings: [
        ...hidden,
        ...(fault === 'no-project' ? noProjectWarnings(options, platform) : []),
      ],
    }),
  };
}
