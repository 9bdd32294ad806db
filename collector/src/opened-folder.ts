import { type BigIntStats, statSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { hasCode } from './has-code.js';

/** Another file or folder is at the path of the one that was opened. */
export class FolderReplacedError extends Error {
  override readonly name = 'FolderReplacedError';
  readonly code = 'ESTALE';
}

/**
 * A folder and files in it, as they were opened. One that was removed or moved, or whose volume is
 * away, can come again as another, while open files are written to where nobody finds them.
 */
export interface OpenedFolder {
  /** @throws {@link FolderReplacedError}, or what the system says of a path that is gone. */
  check(): Promise<void>;
  /** The same without waiting, for threads that nobody waits for and for the end of the process. */
  checkNow(): void;
}

/**
 * Remembers a folder and files in it. What is not there yet is not watched.
 *
 * @param paths - That of the folder first, so that it is what an error tells of.
 */
export function rememberFolder(...paths: readonly string[]): OpenedFolder {
  const known = paths.flatMap((path) => {
    const stats = statSync(path, { bigint: true, throwIfNoEntry: false });
    return stats === undefined ? [] : [{ path, stats }];
  });
  const compare = (path: string, { dev, ino }: BigIntStats, now: BigIntStats): void => {
    if (now.dev === dev && now.ino === ino) return;
    throw new FolderReplacedError(`${path} is not the one that was opened.`);
  };
  return {
    check: async () => {
      for (const { path, stats } of known) compare(path, stats, await stat(path, { bigint: true }));
    },
    checkNow: () => {
      for (const { path, stats } of known) compare(path, stats, statSync(path, { bigint: true }));
    },
  };
}

/** What writers ask before they create a file in a folder. */
export type CheckFolder = OpenedFolder['check'];

/** For a folder that nobody else can put another in the place of. */
export const anyFolder: CheckFolder = () => Promise.resolve();

/** Whether an error says that a path does not lead to what was opened; others say nothing of that. */
export const isOfLostFolder = (error: unknown): boolean =>
  hasCode(error, 'ENOENT', 'ENOTDIR', 'ESTALE');
