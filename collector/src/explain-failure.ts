import { ManifestFileError } from './access/manifest-files.js';
import { ProjectSettingsError } from './access/project-settings.js';
import { TokenFileError } from './access/token-file.js';
import { BackupError } from './backup/backup-steps.js';
import { AskError } from './commands/ask-collector.js';
import { explainPathError } from './commands/explain-path-error.js';
import { ConfigError } from './config.js';
import { DiskHangsError } from './disk-queue.js';
import { BackupFolderError } from './erasures/erasure-keeper.js';
import { MoveError } from './store/moving/move-side.js';
import { PepperError } from './privacy/pepper.js';
import { DataError } from './recovery/examine-data.js';
import { LockFileError } from './sqlite/failure.js';
import { MissingClientError } from './store/load-with-client.js';
import { StoreDownError } from './store-down-error.js';
import { ThreadDiedError } from './threads/open-thread.js';

/** The errors whose message says all that an operator needs. */
const EXPLAINED = [
  ...[AskError, BackupError, BackupFolderError, DataError, LockFileError, ManifestFileError],
  ...[MissingClientError, MoveError, ProjectSettingsError, StoreDownError, TokenFileError],
];

/** Says why a command has failed, and what to do next. */
export function explainFailure(error: unknown): string {
  if (error instanceof ConfigError || error instanceof PepperError) {
    return `${error.message}\nSee headcount-collector --help.`;
  }
  if (error instanceof DiskHangsError) {
    return `${error.message}. Bring its disk or its mount back, and start again.`;
  }
  if (error instanceof ThreadDiedError) {
    return `${error.message} Nothing that was acknowledged is lost: start it again.`;
  }
  if (!(error instanceof Error)) return String(error);
  if (EXPLAINED.some((kind) => error instanceof kind)) return error.message;
  const cause = explainPathError(error);
  if ('path' in error && cause !== undefined) {
    return `${String(error.path)} cannot be used: ${cause}.`;
  }
  return error.stack ?? error.message;
}
