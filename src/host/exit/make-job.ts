import type { SenderJob } from '../../delivery/protocol.js';
import { ownOnly } from '../../own-only.js';
import { DEFAULTS, type ResolvedOptions } from '../../options.js';
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
    ...(invoker && { invokers: invoker.invokers }),
    isPersistent: (values && ownOnly(values).isPersistent) ?? true,
    app: appRecord(setup, options),
    ...(extraCa !== undefined && { ca: extraCa }),
  };
}

/** The record that the `headcount` command reads about the app. */
export function appRecord(
  { project, version, endpoint }: Setup,
  options: ResolvedOptions,
): AppRecord {
  const { mode, notice, command, events, flushIntervalMs, exitUploadIntervalMs, exitBudgetMs } =
    options;
  // The command searches for a local collector again: by then it may have moved or stopped.
  return {
    project,
    version,
    ...(!isThisMachines(endpoint) && { endpoint: endpoint.url }),
    ...(endpoint.fromEnvironment && { fromEnvironment: true }),
    ...(options.endpoint !== undefined && { inCode: true }),
    ...(options.allowInsecure && { allowInsecure: true }),
    ...(flushIntervalMs !== DEFAULTS.flushIntervalMs && { flushIntervalMs }),
    ...(exitUploadIntervalMs !== DEFAULTS.exitUploadIntervalMs && { exitUploadIntervalMs }),
    ...(exitBudgetMs !== DEFAULTS.exitBudgetMs && { exitBudgetMs }),
    mode,
    notice,
    ...(command !== undefined && { command }),
    events: eventsHash(events),
  };
}
