import { stat } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import type { Logger } from 'pino';
import { type DiskQueue, DiskHangsError } from '../disk-queue.js';
import { errorMessage } from '../error-message.js';
import { describeError } from '../logs/logger.js';
import { openThread } from '../threads/open-thread.js';
import type { CountryRanges } from './country-ranges.js';
import { CountryTableError, type CountryTableProblem } from './country-table-error.js';
import type { CountryTableOperations } from './country-table-thread.js';
import { findClientCountry } from './find-client-country.js';

/** How long closing waits for a look at the files, in milliseconds. */
const CLOSE_MS = 2000;

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
  /** The queue of work on their disk. */
  readonly disk: DiskQueue;
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
  disk,
}: CountriesParts): Promise<Countries> {
  let tried = await stateOf(files, disk);
  let seen = tried;
  let ranges = await readInThread(files);
  logger.info({ files, ranges: ranges.countries.length }, 'table of countries read');
  let checking: Promise<void> | undefined;

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
  const check = async (): Promise<void> => {
    const before = seen;
    try {
      seen = await stateOf(files, disk);
    } catch (error) {
      if (error instanceof DiskHangsError) return; // it is asked again
      throw error;
    }
    // Only once it has not changed for a while: it may be half written.
    if (seen === tried || seen !== before) return;
    tried = seen;
    await readAgain();
  };
  // Never two at once: a disk that hangs holds up one look.
  const timer = setInterval(() => {
    checking ??= check().finally(() => {
      checking = undefined;
    });
  }, checkEveryMs);
  timer.unref();

  return {
    countryOf: (address) => findClientCountry(ranges, address),
    close: async () => {
      clearInterval(timer);
      await Promise.race([checking, wait(CLOSE_MS, undefined, { ref: false })]);
    },
  };
}

/** A text that is another one when a file has changed. */
async function stateOf(files: readonly string[], disk: DiskQueue): Promise<string> {
  const states: string[] = [];
  for (const file of files) {
    try {
      const { ino, size, mtimeMs } = await disk.run(file, () => stat(file));
      states.push(`${ino} ${size} ${mtimeMs}`);
    } catch (error) {
      if (error instanceof DiskHangsError) throw error;
      states.push(errorMessage(error));
    }
  }
  return states.join();
}

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
