import { statSync } from 'node:fs';
import { rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The data folder is not the one that was opened. */
class FolderReplacedError extends Error {
  override readonly name = 'FolderReplacedError';
  readonly code = 'ESTALE';
}

/**
 * Creates what writes a small file to a data folder, without holding up anything else, and looks
 * whether it still is the folder that was opened: one that was removed, or whose volume is away,
 * can come again empty, while the databases write to what nobody finds any more.
 *
 * @param journal - The path of a database in it, which is open.
 */
export function createDataProbe(folder: string, journal: string): () => Promise<void> {
  const { ino } = statSync(journal);
  const probe = join(folder, '.probe');
  return async () => {
    await writeFile(probe, 'x');
    await rm(probe, { force: true });
    const now = await stat(journal);
    if (now.ino !== ino) throw new FolderReplacedError(`${journal} is another file.`);
  };
}
