/**
 * Headcount for extensions of VS Code and of editors made from it, on desktops, on remote machines
 * and in browsers. VS Code itself is not imported: the extension hands it in.
 *
 * @packageDocumentation
 */
export { createHeadcount, globalStateStorage } from './vscode/create-headcount.js';
export { field } from './report/declared-events.js';

export type { EdgeFetch, EdgeHeadcount, EdgeStatus, TrackOptions } from './edge/api.js';
export type { EdgeStorage } from './edge/storages.js';
export type {
  VscodeContext,
  VscodeEnv,
  VscodeHeadcount,
  VscodeOptions,
  VscodeStatus,
} from './vscode/api.js';
