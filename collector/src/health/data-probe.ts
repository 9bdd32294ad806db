import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { OpenedFolder } from '../opened-folder.js';

/**
 * Creates what writes a small file to a data folder, without holding up anything else; but only
 * where it still is the folder that was opened, since nothing may be created in another one.
 */
export function createDataProbe(
  folder: string,
  opened: Pick<OpenedFolder, 'check'>,
): () => Promise<void> {
  const probe = join(folder, '.probe');
  return async () => {
    await opened.check();
    await writeFile(probe, 'x');
    await rm(probe, { force: true });
  };
}
