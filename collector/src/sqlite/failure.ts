import { hasCode } from '../has-code.js';

/** Whether an error says that the disk, or the database's own limit, is full. */
export function isFull(error: unknown): boolean {
  return hasCode(error, 'SQLITE_FULL', 'ENOSPC', 'EDQUOT');
}

/** Whether an error says that another process holds the lock. */
export function isLocked(error: unknown): boolean {
  return hasCode(error, 'SQLITE_BUSY');
}

/** Whether an error says that a database file is damaged. */
export function isDamaged(error: unknown): boolean {
  return hasCode(error, 'SQLITE_NOTADB', 'SQLITE_CORRUPT');
}

/** Whether an error comes from SQLite. */
export function isSqliteError(error: unknown): boolean {
  return (
    error instanceof Error &&
    'code' in error &&
    typeof error.code === 'string' &&
    error.code.startsWith('SQLITE_')
  );
}

/** A file that is there to be locked has a content. */
export class LockFileError extends Error {
  override readonly name = 'LockFileError';

  constructor(path: string, options?: ErrorOptions) {
    super(
      `${path} is damaged. It is there to be locked and has no data: remove it, and try again.`,
      options,
    );
  }
}
