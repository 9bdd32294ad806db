import type { SenderJob } from '../../delivery/protocol.js';
import { ownOnly } from '../../own-only.js';
import type { ResolvedOptions } from '../../options.js';
import type { AppRecord } from '../../project/app-record.js';
import { isThisMachines } from '../../project/endpoint.js';
import type { Setup } from '../../project/setup.js';
import type { OpenStorage } from '../../storage/open-storage.js';
import { eventsHash } from '../../wire/events-hash.js';

/** The job of a sender: everything it needs to know about the project. */
export function makeJob(
  setup: Setup,
  { folders, values, choiceFiles, collectorFile, invoker }: OpenStorage,
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
    ...(collectorFile !== undefined && { collectorFile }),
    ...(invoker && { invoker: { uid: invoker.uid, files: invoker.files } }),
    isPersistent: (values && ownOnly(values).isPersistent) ?? true,
    app: appRecord(setup, options),
    ...(extraCa !== undefined && { ca: extraCa }),
  };
}

/** The record that the `headcount` command reads about the app. */
export function appRecord(
  { project, version, endpoint }: Setup,
  { mode, notice, command, events }: ResolvedOptions,
): AppRecord {
  // The command searches for a local collector again: by then it may have moved or stopped.
  return {
    project,
    version,
    ...(!isThisMachines(endpoint) && { endpoint: endpoint.url }),
    ...(endpoint.fromEnvironment && { fromEnvironment: true }),
    mode,
    notice,
    ...(command !== undefined && { command }),
    events: eventsHash(events),
  };
}
