import type { SenderJob } from '../../delivery/protocol.js';
import type { ResolvedOptions } from '../../options.js';
import type { AppRecord } from '../../project/app-record.js';
import { isThisMachines } from '../../project/endpoint.js';
import type { Setup } from '../../project/setup.js';
import type { OpenStorage } from '../../storage/open-storage.js';
import { eventsHash } from '../../wire/events-hash.js';

/** The job of a sender: everything it needs to know about the project. */
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
    // A header takes printable ASCII only. The report itself has the unchanged name.
    userAgent: `${project}/${version}`.replace(/[^!-~]/g, '_'),
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
