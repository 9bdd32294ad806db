import { stat } from 'node:fs/promises';
import type { Server } from 'node:https';
import { setTimeout as wait } from 'node:timers/promises';
import type { Logger } from 'pino';
import { type DiskQueue, DiskHangsError } from '../disk-queue.js';
import { errorMessage } from '../error-message.js';
import { type Pair, type PairFiles, readPair } from './read-pair.js';
import { TlsError } from './tls-error.js';

/** Why the files hold no pair that can take the place of the one in use. */
export interface RefusedPair {
  readonly code: string;
  readonly why: string;
  readonly since: Date;
}

/** The certificate in use, renewed when its files change. */
export interface Certificate {
  /** The pair that new connections get. */
  readonly pair: Pair;
  /** Set while the files hold another pair, which cannot be used. */
  readonly refused: RefusedPair | undefined;
  /** Gives a server each pair to come. Connections that are open keep theirs. */
  renewFor(server: Pick<Server, 'setSecureContext'>): void;
  /** Calls back once a new pair is used. */
  onRenewal(listener: () => void): void;
  /** Ends the watch over the files. */
  close(): Promise<void>;
}

export interface CertificateParts extends PairFiles {
  readonly logger: Pick<Logger, 'info' | 'warn'>;
  readonly now: () => Date;
  /** How often it is looked whether the files have changed, in milliseconds. */
  readonly checkEveryMs: number;
  /** The queue of work on their disk. */
  readonly disk: DiskQueue;
}

/** How long closing waits for a look at the files, in milliseconds. */
const CLOSE_MS = 2000;

/** TLS 1.0 and 1.1 are broken, and no client needs them (RFC 8996). */
export const MIN_TLS_VERSION = 'TLSv1.2';

/**
 * Reads the certificate and its key, and again when their files change. A new pair is used once its
 * files stand still, belong together, and are valid now; until then the old one stays in use.
 *
 * A pair that is expired at the start is used all the same and warned of: a collector that has
 * ended could not even take its renewal.
 *
 * @throws {@link TlsError}
 */
export async function openCertificate(parts: CertificateParts): Promise<Certificate> {
  const { logger, now, checkEveryMs, disk, ...files } = parts;
  const servers: Pick<Server, 'setSecureContext'>[] = [];
  const listeners: (() => void)[] = [];
  const readFiles = (): Promise<Pair> => disk.run(files.certFile, () => readPair(files));
  let seen = await stateOf(files, disk);
  let used = seen;
  let pair = await readFiles();
  let refused: RefusedPair | undefined;
  const tellOpenKey = ({ isKeyOpen }: Pair): void => {
    if (!isKeyOpen) return;
    const file = files.keyFile;
    logger.warn({ file }, 'every user of this machine can read the private key: chmod 600');
  };
  tellOpenKey(pair);
  const invalid = findInvalid(pair, now());
  if (invalid !== undefined) logger.warn(tell(invalid), 'clients will refuse the certificate');

  const renew = async (state: string): Promise<void> => {
    try {
      const next = await readFiles();
      const problem = findInvalid(next, now());
      if (problem !== undefined) throw problem;
      const { cert, key } = next;
      for (const server of servers) {
        server.setSecureContext({ cert, key, minVersion: MIN_TLS_VERSION });
      }
      pair = next;
      used = state;
      refused = undefined;
      logger.info({ valid_to: pair.validTo.toISOString() }, 'certificate renewed');
      tellOpenKey(pair);
      for (const listener of listeners) listener();
    } catch (error) {
      const { code, why } = tell(error);
      if (refused?.code === code && refused.why === why) return;
      refused = { code, why, since: now() };
      logger.warn({ code, why }, 'the new certificate cannot be used: the old one stays in use');
    }
  };
  const check = async (): Promise<void> => {
    const before = seen;
    seen = await stateOf(files, disk);
    if (seen === used) refused = undefined;
    // Files that still change may be half written.
    else if (seen === before) await renew(seen);
  };
  let checking: Promise<void> | undefined;
  const timer = setInterval(() => {
    checking ??= check().finally(() => {
      checking = undefined;
    });
  }, checkEveryMs);
  timer.unref();

  return {
    get pair() {
      return pair;
    },
    get refused() {
      return refused;
    },
    renewFor: (server) => void servers.push(server),
    onRenewal: (listener) => void listeners.push(listener),
    close: async () => {
      clearInterval(timer);
      await Promise.race([checking, wait(CLOSE_MS, undefined, { ref: false })]);
    },
  };
}

function findInvalid({ validFrom, validTo }: Pair, now: Date): TlsError | undefined {
  if (now > validTo) {
    return new TlsError(
      'tls_cert_expired',
      `the certificate expired at ${validTo.toISOString()}: renew it`,
    );
  }
  if (now < validFrom) {
    return new TlsError(
      'tls_cert_not_yet_valid',
      `the certificate is valid from ${validFrom.toISOString()} on: is the clock right?`,
    );
  }
  return undefined;
}

function tell(error: unknown): { readonly code: string; readonly why: string } {
  if (error instanceof TlsError) return { code: error.code, why: error.message };
  if (error instanceof DiskHangsError) return { code: 'tls_cert_unreadable', why: error.message };
  return { code: 'tls_failed', why: error instanceof Error ? error.name : typeof error };
}

/** A text that is another one when a file has changed, also by a link on the way to it. */
async function stateOf({ certFile, keyFile }: PairFiles, disk: DiskQueue): Promise<string> {
  const states: string[] = [];
  for (const file of [certFile, keyFile]) {
    try {
      const found = await disk.run(file, () => stat(file, { bigint: true }));
      const { dev, ino, size, mtimeNs, ctimeNs } = found;
      states.push([dev, ino, size, mtimeNs, ctimeNs].join(' '));
    } catch (error) {
      states.push(errorMessage(error));
    }
  }
  return states.join();
}
