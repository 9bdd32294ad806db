/**
 * The entry of `dist/exit.cjs`: what starts a process for the queue as the host ends. Most programs
 * end without one, since one was started a few minutes ago.
 */
export { launchAtExit } from './launch-at-exit.js';
export { childObstacle, startProcess } from './platform/start-process.js';
