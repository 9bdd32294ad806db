import { hasCode } from './has-code.js';

const CODE = 'STORE_DOWN';

/** The store cannot be reached, or does not take what it is given now. It is tried again. */
export class StoreDownError extends Error {
  override readonly name: string = 'StoreDownError';
  readonly code: string = CODE;
}

const FULL = 'STORE_FULL';

/** The store takes no connection more. Those that are there go on. */
export class StoreFullError extends StoreDownError {
  override readonly name = 'StoreFullError';
  override readonly code = FULL;
}

/** Whether an error is a {@link StoreFullError}, also if it comes from another thread. */
export const isStoreFull = (error: unknown): boolean => hasCode(error, FULL);

const OLD_PRIMARY = 'STORE_OLD_PRIMARY';

/** The server was the primary once, and another one has taken its place. */
export class OldPrimaryError extends Error {
  override readonly name = 'OldPrimaryError';
  readonly code = OLD_PRIMARY;
}

/** Whether an error is an {@link OldPrimaryError}, also if it comes from another thread. */
export const isOldPrimary = (error: unknown): boolean => hasCode(error, OLD_PRIMARY);

const CHANGED = 'STORE_CHANGED';

/**
 * The server may be another one, that counted less: what is known of it has to be read anew before
 * anything is counted.
 */
export class StoreChangedError extends Error {
  override readonly name = 'StoreChangedError';
  readonly code = CHANGED;
}

/** Whether an error is a {@link StoreChangedError}, also if it comes from another thread. */
export const isStoreChanged = (error: unknown): boolean => hasCode(error, CHANGED);

/** Whether the store is away, also if the error comes from another thread. */
export const isStoreDown = (error: unknown): boolean => hasCode(error, CODE, FULL, OLD_PRIMARY);
