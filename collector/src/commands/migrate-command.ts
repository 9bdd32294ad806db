import { existsSync } from 'node:fs';
import { ConfigError } from '../config.js';
import { databasesOf, dataFolder, lockDataFolder, probeDataFolder } from '../data-folder.js';
import { loadConfig } from '../load-config.js';
import {
  bringUpToDate,
  rehearse,
  type SchemaChange,
  toMegabytes,
} from '../sqlite/bring-up-to-date.js';
import { explainOpenError } from '../start-error.js';
import { requireCountsInFolder } from './require-counts-in-folder.js';
import { createProgressLine } from './progress-line.js';

export interface MigrateOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly print: (text: string) => void;
  readonly progress: { readonly isTTY: boolean; readonly write: (text: string) => unknown };
  readonly now: () => Date;
}

const REHEARSE = '--rehearse';

/**
 * Migrates the databases of a data folder, or copies of them, without serving.
 *
 * @throws `ConfigError`
 */
export function migrateData(
  argv: readonly string[],
  { env, print, progress, now }: MigrateOptions,
): void {
  const config = loadConfig(
    argv.filter((argument) => argument !== REHEARSE),
    env,
  );
  const isRehearsal = argv.includes(REHEARSE);
  const options = { now, onProgress: createProgressLine(progress) };
  const folder = dataFolder(config.data);
  requireCountsInFolder(folder, 'Each start brings the store and the journal to its schema.');
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
          print(`${describeSchemaChange(change)}\n`);
          if (!isRehearsal && change.snapshot !== null) print(`  ${change.snapshot}\n`);
        } else print(`${schema.file}: nothing to do, it has schema ${schema.migrations.length}\n`);
      }
    } finally {
      lock?.close();
    }
  } catch (error) {
    throw explainOpenError(error, config);
  }
  if (isRehearsal) print(`This was tried on a copy. Nothing in ${folder.path} was changed.\n`);
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
