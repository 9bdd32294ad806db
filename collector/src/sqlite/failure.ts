import { hasCode } from '../has-code.js';

/** Whether an error says that the disk, or the database's own limit, is full. */
export function isFull(error: unknown): boolean {
  return hasCode(error, 'SQLITE_FULL');
}

/** Whether an error says that another process holds the lock. */
export function isLocked(error: unknown): boolean {
  return hasCode(error, 'SQLITE_BUSY');
}
