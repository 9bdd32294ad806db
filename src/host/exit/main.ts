/**
 * The entry of `dist/exit.cjs`, which starts a process for the queue when the host ends. Most
 * programs end without it, because another one started a process a few minutes ago.
 */
import type { ResolvedOptions } from '../../options.js';
import type { Files, Folders } from '../../platform/platform.js';
import { rememberApp as keepRecord } from '../../project/app-record.js';
import type { Setup } from '../../project/setup.js';
import { appRecord } from './make-job.js';

export { launchAtExit, rescue } from './launch-at-exit.js';
export { childObstacle } from './platform/child-obstacle.js';
export { wholeFiles } from '../../platform/whole-files.js';
export { startSender } from './platform/start-sender.js';

/** Keeps what the `headcount` command must know of the app, if no sender comes to do it. */
export const rememberApp = (
  files: Files,
  folders: Folders | undefined,
  setup: Setup,
  options: ResolvedOptions,
): void => keepRecord(files, folders, appRecord(setup, options));
