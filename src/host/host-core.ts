import type { Consent } from '../consent/decide.js';
import type { Preference } from '../consent/choice.js';
import type { ResolvedOptions } from '../options.js';
import type { Setup } from '../project/setup.js';
import type { OpenStorage } from '../storage/open-storage.js';
import type { HostPlatform } from './host-platform.js';
import type { Reporter } from './reporter.js';

/** One project's telemetry in one process, as the deferred part works on it. */
export interface HostCore {
  readonly platform: HostPlatform;
  /** As the app and the environment say it. */
  readonly setup: Setup;
  /** With the address that a collector on this machine has left, which is looked for once. */
  readonly found: () => Setup;
  readonly options: ResolvedOptions;
  /** The hash of the declared events, where the `headcount` command has handed it over. */
  readonly declaredHash: string | undefined;
  readonly opened: () => OpenStorage;
  readonly preference: () => Preference;
  readonly consent: () => Consent;
  /** What reports now; `undefined` before the first report. */
  readonly reporter: () => Reporter | undefined;
  /** Takes the reporter away: the next report makes a new one. */
  readonly takeReporter: () => Reporter | undefined;
  /** Whether reports wait for a storage of the app's own to answer. */
  readonly isWaiting: () => boolean;
  /** From now on nothing is reported. */
  readonly end: () => void;
  /** How many later set-ups were answered with this one. */
  readonly reuses: () => number;
}
