import type { Consent } from '../consent/decide.js';
import type { Preference } from '../consent/choice.js';
import type { JoinedOptions } from './setup/join-options.js';
import type { Setup } from '../project/setup.js';
import type { OpenStorage } from '../storage/open-storage.js';
import type { HostPlatform } from './host-platform.js';
import type { Reporter } from './reporter.js';

/** One project's telemetry in one process, as the deferred part uses it. */
export interface HostCore {
  readonly platform: HostPlatform;
  /** The setup that the app and the environment give. */
  readonly setup: Setup;
  /** The setup with the address of a collector on this machine, which is searched for once. */
  readonly found: () => Setup;
  /** A later `createHeadcount()` call can make them stricter. */
  readonly options: JoinedOptions;
  /** The hash of the declared events, if the `headcount` command passed it. */
  readonly declaredHash: string | undefined;
  readonly opened: () => OpenStorage;
  readonly preference: () => Preference;
  readonly consent: () => Consent;
  /** The current reporter; `undefined` before the first report. */
  readonly reporter: () => Reporter | undefined;
  /** Removes and returns the reporter. The next report creates a new one. */
  readonly takeReporter: () => Reporter | undefined;
  /** Stops all reporting. */
  readonly end: () => void;
}
