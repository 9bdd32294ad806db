/** The storages of `headcount/edge`, in a file of their own: an app uses one of them, or none. */
export { chromeStorage, indexedDbStorage, kvStorage } from './edge/storages.js';

export type { EdgeStorage } from './edge/storages.js';
