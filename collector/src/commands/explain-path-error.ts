import { errorMessage } from '../error-message.js';

/** What the codes of the system mean, and what to do. */
const MEANINGS: Readonly<Record<string, string>> = {
  EACCES: 'this user may not use it. Give it to this user, or choose another path',
  EPERM: 'this user may not use it. Give it to this user, or choose another path',
  EEXIST: 'something else is there already. Choose another path',
  EISDIR: 'it is a folder. Name a file',
  ELOOP: 'it is a link that leads nowhere. Choose another path',
  ENAMETOOLONG: 'its name is too long. Choose another path',
  ENOENT: 'there is no such file or folder. Make its folder first, or choose another path',
  ENOSPC: 'the disk is full. Make room, or choose a path on another disk',
  EDQUOT: 'the disk quota is used up. Make room, or choose a path on another disk',
  ENOTDIR: 'a part of it is a file, not a folder. Choose another path',
  ENXIO: 'nothing can be read or written there. Choose another path',
  EROFS: 'its disk is mounted read-only. Mount it writable, or choose another path',
};

/**
 * Explains what is wrong with a path, in words.
 *
 * @returns `undefined` if the error is not one of the system.
 */
export function explainPathError(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('syscall' in error) || !('code' in error)) return undefined;
  const code = String(error.code);
  const meaning = MEANINGS[code];
  return meaning === undefined ? errorMessage(error) : `${meaning} (${code})`;
}
