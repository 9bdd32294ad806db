import { TooCostlyError } from '../questions.js';
import { StoreDownError } from '../store-down-error.js';

/** Classes of SQLSTATE that what is written can cause: data that fit no column, and constraints. */
const OF_DATA = /^2[23]/;

/** Codes that the server gives, and those of the system. */
const isOfServer = (error: Error): error is Error & { readonly code: string } =>
  'code' in error && typeof error.code === 'string';

/**
 * Tells a server that is not there, full or going down from what was wrong with a statement's data.
 *
 * @param isLost - Whether the connection is lost: its errors have no code.
 */
export function asStoreError(error: unknown, isLost: boolean): unknown {
  if (!(error instanceof Error) || error instanceof TooCostlyError) return error;
  if (!isLost && (!isOfServer(error) || OF_DATA.test(error.code))) return error;
  if (error instanceof StoreDownError) return error;
  return new StoreDownError(`The store does not answer: ${error.message}`, { cause: error });
}
