import { existsSync } from 'node:fs';
import { ConfigError, type Config } from './config.js';
import { databasesOf } from './databases.js';
import { dataFolder, lockDataFolder, probeDataFolder } from './data-folder.js';
import { describeSchemaChange } from './describe-schema-change.js';
import { bringUpToDate } from './sqlite/bring-up-to-date.js';
import type { MigrationProgress } from './sqlite/migrate.js';
import { rehearse } from './sqlite/rehearse.js';
import { explainOpenError } from './start-error.js';

export interface MigrateOptions {
  /** Whether it is only tried, on a copy. */
  readonly isRehearsal: boolean;
  /** Told what was done, for people. */
  readonly print: (line: string) => void;
  readonly onProgress: ((progress: MigrationProgress) => void) | undefined;
  readonly now: () => Date;
}

/**
 * Brings the databases of a data folder up to date without serving, or tries to on copies.
 *
 * @throws `ConfigError`
 */
export function migrateData(config: Config, options: MigrateOptions): void {
  const { isRehearsal, print } = options;
  const folder = dataFolder(config.data);
  if (!existsSync(folder.counts)) {
    throw new ConfigError(`There are no counts in ${folder.path}. Choose its folder with --data.`);
  }
  try {
    // Whoever only reads needs no lock.
    if (!isRehearsal) probeDataFolder(folder);
    const lock = isRehearsal ? undefined : lockDataFolder(folder);
    try {
      for (const { path, schema } of databasesOf(folder)) {
        const change = (isRehearsal ? rehearse : bringUpToDate)(path, schema, options);
        if (change) {
          print(describeSchemaChange(change));
          if (!isRehearsal && change.snapshot !== null) print(`  ${change.snapshot}`);
        } else print(`${schema.file}: nothing to do, it has schema ${schema.migrations.length}`);
      }
    } finally {
      lock?.close();
    }
  } catch (error) {
    throw explainOpenError(error, config);
  }
  if (isRehearsal) print(`This was tried on a copy. Nothing in ${folder.path} was changed.`);
}
