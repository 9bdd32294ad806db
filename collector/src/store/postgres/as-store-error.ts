import { TooCostlyError } from '../questions.js';
import { hasCode } from '../../has-code.js';
import { isStoreDown, StoreDownError, StoreFullError } from '../../store-down-error.js';
import { explainServerError, TOO_MANY } from './explain-server-error.js';

/** Text that the server cannot keep: it comes from what is written, and nothing else does. */
const OF_TEXT = new Set(['22021', '22P05']);

/** Codes that the server gives, and those of the system. */
const isOfServer = (error: Error): error is Error & { readonly code: string } =>
  'code' in error && typeof error.code === 'string';

/**
 * Tells a server that is not there, full, going down or has odd rows from what was wrong with a
 * statement's data.
 *
 * @param isLost - Whether the connection is lost: its errors have no code.
 */
export function asStoreError(error: unknown, isLost: boolean): unknown {
  if (!(error instanceof Error) || error instanceof TooCostlyError) return error;
  if (!isLost && (!isOfServer(error) || OF_TEXT.has(error.code))) return error;
  if (isStoreDown(error)) return error;
  const Kind = hasCode(error, TOO_MANY) ? StoreFullError : StoreDownError;
  return new Kind(`The store cannot be used: ${explainServerError(error)}.`, {
    cause: error,
  });
}
