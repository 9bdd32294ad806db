import { type Config, ConfigError } from './config.js';
import { nameOption, OPTIONS } from './config-options.js';
import { CountryTableError } from './country/country-table-error.js';
import { dataFolder, DataFolderInUseError } from './data-folder.js';
import { errorMessage } from './error-message.js';
import { hasCode } from './has-code.js';
import { NoRoomError } from './sqlite/bring-up-to-date.js';
import { isDamaged, isSqliteError } from './sqlite/failure.js';
import { SchemaError } from './sqlite/migrate.js';
import { isStoreDown } from './store-down-error.js';
import { StoreSchemaError } from './store/store-schema-error.js';
import { TlsError } from './tls/tls-error.js';

/** Turns an error into a `ConfigError` that names the option to change, if there is one. */
export function explainOpenError(error: unknown, { data }: Pick<Config, 'data'>): unknown {
  const change = changing(OPTIONS.data);
  if (isOfSystem(error) && error.syscall === 'uv_cwd') {
    const message = 'The folder it was started in is gone. Start it in a folder that exists.';
    return new ConfigError(message, { cause: error });
  }
  if (error instanceof CountryTableError) {
    const { countryTable } = OPTIONS;
    return new ConfigError(
      `${nameOption(countryTable)} must be ${countryTable.expected}; given: ${error.message}.`,
      { cause: error },
    );
  }
  if (error instanceof TlsError) {
    const { tlsCert, tlsKey } = OPTIONS;
    return new ConfigError(
      `${nameOption(tlsCert)} and ${nameOption(tlsKey)} cannot be used: ${error.message} (${error.code}).`,
      { cause: error },
    );
  }
  if (error instanceof DataFolderInUseError) {
    return new ConfigError(`${error.message} ${change}`, { cause: error });
  }
  if (error instanceof StoreSchemaError || (error instanceof Error && isStoreDown(error))) {
    return new ConfigError(`${nameOption(OPTIONS.store)}: ${error.message}`, { cause: error });
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
  if (isSqliteError(error) || isUnopened(error)) {
    const { path } = dataFolder(data);
    return new ConfigError(
      `The databases in ${path} cannot be opened (${errorMessage(error)}). ` +
        `Is there room, and does the folder belong to this user? ${change}`,
      { cause: error },
    );
  }
  if (!isOfSystem(error)) return error;
  return new ConfigError(
    `The data folder ${dataFolder(data).path} cannot be written (${errorMessage(error)}). ${change}`,
    { cause: error },
  );
}

/** Whether the operating system refused something: a missing folder, a full disk, a loop of links. */
function isOfSystem(error: unknown): error is Error & { readonly syscall: string } {
  return error instanceof Error && 'syscall' in error && typeof error.syscall === 'string';
}

/** The binding's error about a file that SQLite cannot open has no code. */
const isUnopened = (error: unknown): boolean =>
  error instanceof Error && error.message.includes('Unable to open connection');

/** Turns an error into a `ConfigError` that names the option to change, if there is one. */
export function explainListenError(
  error: unknown,
  { port, host }: Pick<Config, 'port' | 'host'>,
  options: Record<'port' | 'host', { flag?: string; variable: string }> = OPTIONS,
): unknown {
  const cause = { cause: error };
  if (hasCode(error, 'EADDRINUSE')) {
    return new ConfigError(`Port ${port} on ${host} is in use. ${changing(options.port)}`, cause);
  }
  if (hasCode(error, 'EACCES')) {
    return new ConfigError(`Port ${port} may not be used. ${changing(options.port)}`, cause);
  }
  if (hasCode(error, 'EADDRNOTAVAIL', 'ENOTFOUND', 'EAI_AGAIN')) {
    return new ConfigError(`This machine has no address ${host}. ${changing(options.host)}`, cause);
  }
  return error;
}

function changing({ flag = '', variable }: { flag?: string; variable: string }): string {
  return `Choose another with --${flag} or ${variable}.`;
}
