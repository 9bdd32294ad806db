/**
 * The entry of `dist/deferred.cjs`: code for the host's thread that `import` and the first
 * `track()` do not need. It is loaded synchronously when it is first needed.
 */
import type { System } from '../../platform/platform.js';
import { findOwnName, findPersonal } from '../../report/find-personal.js';
import type { PersonalFinder } from '../../report/sanitizer.js';

export { detectCi } from '../../report/ci.js';
export { readStorage } from '../../storage/read-storage.js';
export { createControl } from './control.js';
export { inertHeadcount } from './inert-headcount.js';
export { makeRoom } from './make-room.js';
export { envPathsFolders } from './platform/env-paths-folders.js';
export { ownNames } from './platform/own-names.js';
export { startSenderInProcess } from './platform/sender-in-process.js';
export { startSenderThread } from './platform/sender-worker.js';
export { temporaryCopy } from './platform/temporary-copy.js';
export { createSenderThreads } from './sender-threads.js';
export { wordMistake } from './word-mistake.js';

/** Finds personal data in texts. Reads the names of the machine once. */
export function personalFinder(system: System): PersonalFinder {
  let names: ReturnType<System['ownNames']> | undefined;
  return {
    find: findPersonal,
    findOwnName: (text) => findOwnName(text, (names ??= system.ownNames())),
  };
}
