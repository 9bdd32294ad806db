import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { Logger } from 'pino';
import { EMPTY_SETTINGS } from '../access/project-settings.js';
import type { DataFolder } from '../data-folder.js';
import { hasCode } from '../has-code.js';
import { syncPath } from '../sync-path.js';

/**
 * Writes the files that every folder has from its first start on, also when there is nothing in them:
 * so the log can say if a folder with counts was copied without one.
 *
 * @param wasUsed - Whether the folder has counts.
 * @param isShared - Whether a store has what is set, so that nothing of it is missed here.
 */
export function keepStandingFiles(
  folder: DataFolder,
  { wasUsed, isShared }: { readonly wasUsed: boolean; readonly isShared: boolean },
  logger: Pick<Logger, 'warn'>,
): void {
  const files = [
    {
      path: folder.projects,
      isMissed: !isShared,
      begin: write(`${EMPTY_SETTINGS}\n`),
      lost: 'closed projects are open, hidden ones are shown, and reports need no key',
    },
    {
      path: folder.backupFolders,
      isMissed: true,
      begin: write(''),
      lost: 'deletions are not kept beside the backups any more',
    },
    {
      path: folder.manifests,
      isMissed: !isShared,
      begin: (path: string) => void mkdirSync(path, { mode: 0o700 }),
      lost: 'what projects do not declare is counted',
    },
  ];
  for (const { path, isMissed, begin, lost } of files) {
    if (existsSync(path)) continue;
    const name = basename(path);
    if (wasUsed && isMissed) {
      logger.warn(
        { file: path },
        `${name} is missing. If there was one, ${lost}: stop the collector and put a copy of it back.`,
      );
    }
    try {
      begin(path);
      syncPath(folder.path);
    } catch (error) {
      // The next start tries again.
      if (!hasCode(error, 'ENOSPC', 'EDQUOT')) throw error;
      rmSync(path, { recursive: true, force: true });
    }
  }
}

const write =
  (text: string) =>
  (path: string): void =>
    writeFileSync(path, text, { mode: 0o600, flag: 'wx' });
