import type { SenderJob } from '../../delivery/protocol.js';
import type { ResolvedOptions } from '../../options.js';
import type { AppRecord } from '../../project/app-record.js';
import type { Setup } from '../../project/setup.js';
import type { OpenStorage } from '../../storage/open-storage.js';
import { eventsHash } from '../../wire/events-hash.js';

/** What a sender is told of the project it sends for. */
export function makeJob(
  setup: Setup,
  { folders, values, choiceFiles }: OpenStorage,
  options: ResolvedOptions,
): SenderJob {
  const { project, version, endpoint } = setup;
  const { extraCa } = options;
  return {
    project,
    version,
    endpoint,
    folders,
    choiceFiles,
    isPersistent: values.isPersistent ?? true,
    // A header takes printable ASCII only; the report itself has the name as it is.
    userAgent: `${project}/${version}`.replace(/[^!-~]/g, '_'),
    app: appRecord(setup, options),
    ...(extraCa !== undefined && { ca: extraCa }),
  };
}

/** What the user's own command must know of the app. */
export function appRecord(
  { project, version, endpoint }: Setup,
  { mode, notice, command, events }: ResolvedOptions,
): AppRecord {
  // The command looks for the collector anew: it may have another address then, or be gone.
  const isNamed = !endpoint.implicit && endpoint.foundIn === undefined;
  return {
    project,
    version,
    ...(isNamed && { endpoint: endpoint.url }),
    mode,
    notice,
    ...(command !== undefined && { command }),
    events: eventsHash(events),
  };
}
