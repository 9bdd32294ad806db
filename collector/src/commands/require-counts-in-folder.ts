import { existsSync } from 'node:fs';
import { ConfigError } from '../config.js';
import type { DataFolder } from '../data-folder.js';

/**
 * Keeps a command from the old files of a folder whose counts are in a store.
 *
 * @param instead - What to do with a store, as a sentence.
 * @throws `ConfigError`
 */
export function requireCountsInFolder({ path, inStore }: DataFolder, instead: string): void {
  if (!existsSync(inStore)) return;
  throw new ConfigError(
    `The counts of ${path} are in the PostgreSQL of its collector, not in the folder. Nothing was ` +
      `done. ${instead} To have them in the folder again, run headcount-collector move --from store.`,
  );
}
