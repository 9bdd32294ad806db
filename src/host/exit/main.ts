/**
 * The entry of `dist/exit.cjs`, which starts a process for the queue when the host ends. Most
 * programs end without it, because another one started a process a few minutes ago.
 */
export { launchAtExit } from './launch-at-exit.js';
export { childObstacle, startProcess } from './platform/start-process.js';
