import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import { auditCommand } from '../access/audit-command.js';
import { BackupError, type BackupStep } from '../backup/backup-steps.js';
import { type Restored, restoreBackup } from '../backup/restore-backup.js';
import { type TakenBackup, takeBackup } from '../backup/take-backup.js';
import { explainPathError } from './explain-path-error.js';
import { requireCountsInFolder } from './require-counts-in-folder.js';
import { ConfigError } from '../config.js';
import { type DataFolder, dataFolder, DataFolderInUseError } from '../data-folder.js';
import { forgetBackupFolder, readBackupFolders } from '../erasures/backup-folders.js';
import { errorMessage } from '../error-message.js';
import { loadConfig } from '../load-config.js';
import { toMegabytes } from '../sqlite/bring-up-to-date.js';
import { isFull, isSqliteError } from '../sqlite/failure.js';
import { SchemaError } from '../sqlite/migrate.js';
import { VERSION } from '../version.js';

export interface BackupCommandOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly print: (text: string) => void;
  /** Where progress goes. */
  readonly progress: { readonly isTTY: boolean; readonly write: (text: string) => unknown };
  /** Prints a line for people that is no part of the result. */
  readonly warn: (line: string) => void;
  readonly now: () => Date;
}

/** Where to read how a store is backed up. */
const RUNBOOK = 'see docs/collector/postgres-backup.md';

/** Arguments of both commands. */
const common = { data: { type: 'string' } } as const;

/**
 * `backup <file>`: makes a backup of a data folder, also while a collector runs on it.
 *
 * @throws {@link ConfigError}
 */
export async function backUp(
  argv: readonly string[],
  { env, print, progress, warn, now }: BackupCommandOptions,
): Promise<void> {
  const { values, positionals } = read(() =>
    parseArgs({
      args: [...argv],
      options: { ...common, 'without-pepper': { type: 'boolean' }, forget: { type: 'string' } },
      allowPositionals: true,
    }),
  );
  const [file, ...others] = positionals;
  if (values.forget !== undefined && file === undefined) {
    print(`${await forgetFolder(values.forget, dataFolder(dataOf(values.data, env)))}\n`);
    return;
  }
  if (file === undefined || others.length > 0 || values.forget !== undefined) {
    throw new ConfigError('Name one file for the backup: headcount-collector backup <file>.');
  }
  const folder = dataFolder(dataOf(values.data, env));
  requireCountsInFolder(folder, `Back PostgreSQL up: ${RUNBOOK}.`);
  const taken = await explained(() =>
    takeBackup({
      folder,
      file,
      withoutPepper: values['without-pepper'] ?? false,
      release: VERSION,
      now,
      onStep: createSteps(progress),
    }),
  );
  print(`${describeBackup(taken)}\n`);
  const target = basename(file);
  const { path, audit } = folder;
  await auditCommand({ folder: path, path: audit, now, warn, action: 'backup', target });
}

async function forgetFolder(target: string, { path, backupFolders }: DataFolder): Promise<string> {
  if (!(await forgetBackupFolder(backupFolders, target))) {
    const known = (await readBackupFolders(backupFolders)).join(', ') || 'none';
    throw new ConfigError(
      `${path} keeps no deletions in "${target}"; folders with its backups: ${known}.`,
    );
  }
  return (
    `${path} keeps no deletions in ${target} any more: what is left of its backups ` +
    'does not know later ones.'
  );
}

/**
 * `restore <file>`: restores a data folder that no collector uses.
 *
 * @throws {@link ConfigError}
 */
export async function restore(
  argv: readonly string[],
  { env, print, progress, warn, now }: BackupCommandOptions,
): Promise<void> {
  const { values, positionals } = read(() =>
    parseArgs({
      args: [...argv],
      options: {
        ...common,
        replace: { type: 'boolean' },
        pepper: { type: 'string' },
        'without-erasures': { type: 'boolean' },
        'without-backup': { type: 'boolean' },
      },
      allowPositionals: true,
    }),
  );
  const [file, ...others] = positionals;
  const withoutBackup = values['without-backup'] ?? false;
  if (others.length > 0 || (file === undefined) !== withoutBackup) {
    throw new ConfigError(
      'Name one backup: headcount-collector restore <file>; or --without-backup alone.',
    );
  }
  const target = dataFolder(dataOf(values.data, env));
  requireCountsInFolder(target, `Restore PostgreSQL: ${RUNBOOK}. Or choose another folder.`);
  const restored = await explained(() =>
    restoreBackup({
      folder: target,
      file,
      replace: values.replace ?? false,
      withoutErasures: values['without-erasures'] ?? false,
      pepperFile: values.pepper,
      now,
      onStep: createSteps(progress),
    }),
  );
  for (const line of describeRestored(restored, target.path)) print(`${line}\n`);
  await auditCommand({
    ...{ folder: target.path, path: target.audit, now, warn },
    ...{ action: 'restore', target: file === undefined ? 'without a backup' : basename(file) },
  });
}

function read<Parsed>(parse: () => Parsed): Parsed {
  try {
    return parse();
  } catch (error) {
    throw new ConfigError(errorMessage(error), { cause: error });
  }
}

function dataOf(given: string | undefined, env: NodeJS.ProcessEnv): string {
  return loadConfig(given === undefined ? [] : ['--data', given], env).data;
}

async function explained<Result>(run: () => Promise<Result>): Promise<Result> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof SchemaError || error instanceof DataFolderInUseError) {
      throw new BackupError(`${error.message} Nothing was changed.`, { cause: error });
    }
    if (isFull(error)) {
      throw new BackupError('The disk is full. Nothing was changed.', { cause: error });
    }
    const cause = explainPathError(error);
    if (cause !== undefined) {
      const path = error instanceof Error && 'path' in error ? String(error.path) : 'A path';
      const message = `${withoutDraft(path)} cannot be used: ${cause}. Nothing was changed.`;
      throw new BackupError(message, { cause: error });
    }
    if (!isSqliteError(error)) throw error;
    const message = `${withoutDraft(errorMessage(error))}. Nothing was changed.`;
    throw new BackupError(message, { cause: error });
  }
}

/** Names the file that was given: of its drafts, nobody but the collector knows. */
const withoutDraft = (text: string): string =>
  text.replace(/\.draft-\d+-[0-9a-f]{8}(\.entries)?|\.[0-9a-f]{16}\.draft/g, '');

/** Shows steps: in one line of a terminal, else in a line each. */
function createSteps(stream: BackupCommandOptions['progress']): (step: BackupStep) => void {
  let step = 0;
  return ({ name, bytes }) => {
    step += 1;
    const size = bytes === null || bytes === 0 ? '' : `, ${toMegabytes(bytes)}`;
    const text = `step ${step}: ${name}${size}`;
    stream.write(stream.isTTY ? `\r${text}\u001B[K` : `${text}\n`);
  };
}

function describeBackup({ file, bytes, about, isRemembered }: TakenBackup): string {
  const { users = 0 } = about.rows;
  return (
    `${file}: ${toMegabytes(bytes)}, ${users} users, ${about.entries} entries still to be counted. ` +
    (isRemembered
      ? 'Deletions from now on are kept in the file erasures beside it: keep both together.'
      : 'The data folder cannot be written, so it does not know this backup: deletions from now ' +
        'on are not kept beside it. Keep the file erasures together with it all the same.')
  );
}

const OLD_TOKENS =
  'Tokens are those of the backup: revoke again what was revoked since. Backups have no admin-token; ' +
  'headcount-collector token rotate makes another.';

function describeRestored(restored: Restored, path: string): string[] {
  const { about, fromBackup, fromJournal, erased, lost, aside, journalIgnored } = restored;
  const { deletionsUpTo, erasuresProblems, hasOldTokens } = restored;
  const at = about === undefined ? '' : ` as of ${new Date(about.takenAt).toISOString()}`;
  return [
    `${path} is restored${at}: ${about?.rows['users'] ?? 0} users.`,
    `To be counted at the next start: ${fromBackup} entries of the backup, ${fromJournal} of the journal that was there.`,
    ...(journalIgnored === undefined ? [] : [`That journal is not used: ${journalIgnored}.`]),
    `${erased} deletions since the backup are repeated. All deletions up to ` +
      `${new Date(deletionsUpTo).toISOString()} are known; users who were deleted later come back.`,
    ...erasuresProblems.map((problem) => `${problem} Deletions that only it had are not repeated.`),
    lost === null
      ? 'Reports that were acknowledged after the backup are lost; how many cannot be known.'
      : `${lost} acknowledged entries are lost.`,
    ...(aside === undefined ? [] : [`What was there is in ${aside}.`]),
    ...(hasOldTokens ? [OLD_TOKENS] : []),
  ];
}
