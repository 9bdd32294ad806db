import type { Logger } from 'pino';
import type { CountryConfig, TlsConfig } from './config.js';
import { type Countries, openCountries } from './country/open-countries.js';
import { createDiskQueue } from './disk-queue.js';
import type { LogSource } from './logs/log-sources.js';
import type { OpenedParts } from './opened-parts.js';
import { type Certificate, openCertificate } from './tls/open-certificate.js';

/** What is in the files that options name, and is read again when they change. */
export interface NamedFiles {
  /** `undefined` without TLS. */
  readonly certificate: Certificate | undefined;
  /** `undefined` without a table. */
  readonly countries: Countries | undefined;
}

export interface NamedFilesOptions extends TlsConfig, Partial<CountryConfig> {
  readonly logOf: (source: LogSource) => Logger;
  readonly now: () => Date;
  /** How often it is looked whether the files have changed, in milliseconds. */
  readonly checkTlsEveryMs: number;
  readonly checkCountryTableEveryMs: number;
  readonly keep: OpenedParts['keep'];
}

/** How long the disk of the files may take, in milliseconds. */
const DISK_MS = 5000;

/**
 * Opens the files that options name.
 *
 * @throws `TlsError` or `CountryTableError`
 */
export async function openNamedFiles(options: NamedFilesOptions): Promise<NamedFiles> {
  const { tlsCert, tlsKey, countryTable = [], logOf, now, keep } = options;
  const disk = createDiskQueue(DISK_MS);
  const certificate =
    tlsCert === undefined || tlsKey === undefined
      ? undefined
      : keep(
          await openCertificate({
            ...{ certFile: tlsCert, keyFile: tlsKey, logger: logOf('tls'), now, disk },
            checkEveryMs: options.checkTlsEveryMs,
          }),
        );
  const countries =
    countryTable.length === 0
      ? undefined
      : keep(
          await openCountries({
            ...{ files: countryTable, logger: logOf('country'), disk },
            checkEveryMs: options.checkCountryTableEveryMs,
          }),
        );
  return { certificate, countries };
}
