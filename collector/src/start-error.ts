import { type Config, ConfigError, OPTIONS } from './config.js';
import { dataFolder, DataFolderInUseError } from './data-folder.js';
import { errorMessage } from './error-message.js';
import { hasCode } from './has-code.js';
import { NoRoomError } from './sqlite/bring-up-to-date.js';
import { isDamaged } from './sqlite/failure.js';
import { SchemaError } from './sqlite/migrate.js';

const NOT_WRITABLE = [
  'EACCES',
  'EPERM',
  'EROFS',
  'ENOTDIR',
  'EEXIST',
  'ENOSPC',
  'ENOENT',
  'EISDIR',
];

/** Turns an error into a `ConfigError` that names the option to change, if there is one. */
export function explainOpenError(error: unknown, { data }: Config): unknown {
  const change = changing(OPTIONS.data);
  if (error instanceof DataFolderInUseError) {
    return new ConfigError(`${error.message} ${change}`, { cause: error });
  }
  if (error instanceof SchemaError) {
    const { path } = dataFolder(data);
    return new ConfigError(`${path} cannot be used: ${error.message} ${change}`, { cause: error });
  }
  if (error instanceof NoRoomError) return new ConfigError(error.message, { cause: error });
  if (isDamaged(error)) {
    const { path } = dataFolder(data);
    return new ConfigError(
      `A database in ${path} is damaged. Keep a copy of the folder, then restore it from a backup. ${change}`,
      { cause: error },
    );
  }
  if (!hasCode(error, ...NOT_WRITABLE)) return error;
  return new ConfigError(
    `The data folder ${dataFolder(data).path} cannot be written (${errorMessage(error)}). ${change}`,
    { cause: error },
  );
}

/** Turns an error into a `ConfigError` that names the option to change, if there is one. */
export function explainListenError(error: unknown, { port, host }: Config): unknown {
  const cause = { cause: error };
  if (hasCode(error, 'EADDRINUSE')) {
    return new ConfigError(`Port ${port} on ${host} is in use. ${changing(OPTIONS.port)}`, cause);
  }
  if (hasCode(error, 'EACCES')) {
    return new ConfigError(`Port ${port} may not be used. ${changing(OPTIONS.port)}`, cause);
  }
  if (hasCode(error, 'EADDRNOTAVAIL', 'ENOTFOUND', 'EAI_AGAIN')) {
    return new ConfigError(`This machine has no address ${host}. ${changing(OPTIONS.host)}`, cause);
  }
  return error;
}

function changing({ flag = '', variable }: { flag?: string; variable: string }): string {
  return `Choose another with --${flag} or ${variable}.`;
}
