import { existsSync } from 'node:fs';
import { type Config, ConfigError } from '../config.js';
import { databasesOf, dataFolder, lockDataFolder, probeDataFolder } from '../data-folder.js';
import {
  bringUpToDate,
  rehearse,
  type SchemaChange,
  toMegabytes,
} from '../sqlite/bring-up-to-date.js';
import { DONE, type MigrationProgress } from '../sqlite/migrate.js';
import { explainOpenError } from '../start-error.js';

export interface MigrateOptions {
  /** Whether to migrate a copy only. */
  readonly isRehearsal: boolean;
  /** Prints a line for people. */
  readonly print: (line: string) => void;
  readonly onProgress: ((progress: MigrationProgress) => void) | undefined;
  readonly now: () => Date;
}

/**
 * Migrates the databases of a data folder, or copies of them, without serving.
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
    // A rehearsal only reads, so it needs no lock.
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

/** Describes a change of a schema for people. */
function describeSchemaChange(change: SchemaChange): string {
  const { file, from, to, migrations, rows, snapshot, tookMs } = change;
  const room = change.snapshotBytes + change.logBytes + change.bytesAfter - change.bytesBefore;
  const lines = [
    `${file}: schema ${from} to ${to} (${migrations.join(', ')})`,
    `  took ${(tookMs / 1000).toFixed(1)} s; ${toMegabytes(change.bytesBefore)} before, ${toMegabytes(change.bytesAfter)} after; took up to ${toMegabytes(Math.max(0, room))} more meanwhile`,
    `  snapshot: ${snapshot === null ? 'none was needed' : toMegabytes(change.snapshotBytes)}`,
    ...rows.map(({ table, before, after }) => `  ${table}: ${before} rows to ${after}`),
  ];
  return lines.join('\n');
}

/**
 * Shows the progress of a migration in one line of a terminal.
 *
 * @returns `undefined` if the stream is no terminal, to keep logs short.
 */
export function createProgressLine(stream: {
  readonly isTTY: boolean;
  readonly write: (text: string) => unknown;
}): ((progress: MigrationProgress) => void) | undefined {
  if (!stream.isTTY) return undefined;
  return ({ file, from, to, step, share }) => {
    const percent = Math.floor(share * 100);
    const line = `${file}, schema ${from} to ${to}: ${step}, ${percent} %`;
    stream.write(`\r${line}\u001B[K${step === DONE ? '\n' : ''}`);
  };
}
