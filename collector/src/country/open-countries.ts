import { statSync } from 'node:fs';
import type { Logger } from 'pino';
import { errorMessage } from '../error-message.js';
import { describeError } from '../logs/logger.js';
import { openThread } from '../threads/open-thread.js';
import type { CountryRanges } from './country-ranges.js';
import { CountryTableError, type CountryTableProblem } from './country-table-error.js';
import type { CountryTableOperations } from './country-table-thread.js';
import { findClientCountry } from './find-client-country.js';

/** The table of countries in memory. */
export interface Countries {
  /** See `findClientCountry()`. */
  countryOf(address: string): string;
  /** Ends the watch over the files. */
  close(): Promise<void>;
}

export interface CountriesParts {
  /** The files of the table, CSV or mmdb. */
  readonly files: readonly string[];
  readonly logger: Pick<Logger, 'info' | 'warn'>;
  /** How often it is looked whether the files have changed, in milliseconds. */
  readonly checkEveryMs: number;
}

/**
 * Reads the table, and reads it again when its files have changed. A new one that cannot be used leaves the old
 * one in place and is warned of once.
 *
 * @throws {@link CountryTableError}
 */
export async function openCountries({
  files,
  logger,
  checkEveryMs,
}: CountriesParts): Promise<Countries> {
  let tried = stateOf(files);
  let seen = tried;
  let ranges = await readInThread(files);
  logger.info({ files, ranges: ranges.countries.length }, 'table of countries read');
  let reading: Promise<void> | undefined;

  const readAgain = async (): Promise<void> => {
    try {
      ranges = await readInThread(files);
      logger.info({ files, ranges: ranges.countries.length }, 'table of countries read again');
    } catch (error) {
      const { code = undefined, message = undefined } =
        error instanceof CountryTableError ? error : {};
      const why = code === undefined ? { error: describeError(error) } : { code, why: message };
      logger.warn(why, 'the new table of countries cannot be used: the old one stays in use');
    }
  };
  const check = (): void => {
    const before = seen;
    seen = stateOf(files);
    // Only once it has not changed for a while: it may be half written.
    if (reading !== undefined || seen === tried || seen !== before) return;
    tried = seen;
    reading = readAgain().finally(() => {
      reading = undefined;
    });
  };
  const timer = setInterval(check, checkEveryMs);
  timer.unref();

  return {
    countryOf: (address) => findClientCountry(ranges, address),
    close: async () => {
      clearInterval(timer);
      await reading;
    },
  };
}

/** A text that is another one when a file has changed. */
const stateOf = (files: readonly string[]): string =>
  files
    .map((file) => {
      try {
        const { ino, size, mtimeMs } = statSync(file);
        return `${ino} ${size} ${mtimeMs}`;
      } catch (error) {
        return errorMessage(error);
      }
    })
    .join();

/** Reading takes a second, in which reports must not wait. */
async function readInThread(files: readonly string[]): Promise<CountryRanges> {
  const thread = await openThread<CountryTableOperations>(
    new URL('./country-table-thread.js', import.meta.url),
    undefined,
  );
  try {
    return await thread.call('read', files);
  } catch (error) {
    throw isTableError(error)
      ? new CountryTableError(error.code, error.message, { cause: error })
      : error;
  } finally {
    await thread.close();
  }
}

/** An error loses its class between threads. */
const isTableError = (error: unknown): error is Error & { readonly code: CountryTableProblem } =>
  error instanceof Error && error.name === 'CountryTableError' && 'code' in error;
