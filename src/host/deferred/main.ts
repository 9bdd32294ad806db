/**
 * The entry of `dist/deferred.cjs`: code for the host's thread that `import` and the first
 * `track()` do not need. It is loaded synchronously when it is first needed.
 */
import type { ResolvedOptions } from '../../options.js';
import type { Platform, System } from '../../platform/platform.js';
import type { Setup } from '../../project/setup.js';
import { findOwnName, findPersonal } from '../../report/find-personal.js';
import type { OpenStorage } from '../../storage/open-storage.js';
import { makeJob } from '../exit/make-job.js';
import { realTimer } from './platform/real-timer.js';
import { createSenderThreads, type SenderThreads } from './sender-threads.js';
import type { PersonalFinder } from '../../report/sanitizer.js';

export { withUpperCase } from '../../platform/any-case.js';
export { detectCi } from '../../report/ci.js';
export { invokerChoice } from '../../consent/invoker-choice.js';
export { readStorage } from '../../storage/read-storage.js';
export { childFlags } from './child-flags.js';
export { isAlive } from '../../platform/is-alive.js';
export { createControl } from './control.js';
export { startHeartbeat } from './heartbeat.js';
export { inertHeadcount } from './inert-headcount.js';
export { localCollector } from '../../project/local-collector.js';
export { makeRoom } from './make-room.js';
export { envPathsFolders } from './platform/env-paths-folders.js';
export { ownNames, release } from './platform/own-names.js';
export { readsOf } from './platform/preloaded-texts.js';
export { readOwnFile } from '../../platform/read-own-file.js';
export { startSenderInProcess } from './platform/sender-in-process.js';
export { mayStartThread, startSenderThread } from './platform/sender-worker.js';
export { sendInExit } from './send-in-exit.js';
export { temporaryCopy } from './platform/temporary-copy.js';
export { wordMistake } from './word-mistake.js';

/** See {@link Platform.deadline}. */
export const deadline: Platform['deadline'] = (callback, afterMs) =>
  realTimer(callback, afterMs, { holdsProcess: true });

/** Finds personal data in texts. Reads the names of the machine once. */
export function personalFinder(system: System): PersonalFinder {
  let names: ReturnType<System['ownNames']> | undefined;
  return {
    find: findPersonal,
    findOwnName: (text) => findOwnName(text, (names ??= system.ownNames())),
  };
}

/** Sends what a host has queued while it lives. */
export const sendersFor = (
  platform: Platform,
  opened: OpenStorage,
  setup: Setup,
  options: ResolvedOptions,
): SenderThreads => createSenderThreads(platform, opened, makeJob(setup, opened, options));
