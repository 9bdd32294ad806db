/**
 * Adapters for the stores that an app has already, for the option `storage` of `headcount` and of
 * `headcount/edge`. None of the libraries is needed.
 *
 * @packageDocumentation
 */
export { fromConf } from './adapters/from-conf.js';
export { fromKeyv } from './adapters/from-keyv.js';
export { fromUnstorage } from './adapters/from-unstorage.js';

export type { StoreOptions } from './adapters/adapt-store.js';
export type { ConfLike } from './adapters/from-conf.js';
export type { KeyvLike } from './adapters/from-keyv.js';
export type { UnstorageLike } from './adapters/from-unstorage.js';
export type { KeyValueStorage, MaybePromise } from './storage/storage.js';
