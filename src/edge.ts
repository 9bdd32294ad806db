/**
 * Headcount where there is no process and no disk: Workers, edge functions, Deno Deploy, browser
 * extensions, renderers of Electron. By `fetch` alone.
 *
 * @packageDocumentation
 */
export { createHeadcount } from './edge/create-headcount.js';
export * from './edge-storages.js';

export type {
  EdgeFetch,
  EdgeHeadcount,
  EdgeOptions,
  EdgeStatus,
  TrackOptions,
} from './edge/api.js';
