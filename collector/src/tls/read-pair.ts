import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { createSecureContext } from 'node:tls';
import { errorMessage } from '../error-message.js';
import { hasCode } from '../has-code.js';
import { TlsError } from './tls-error.js';

/** The files of a certificate and its key. */
export interface PairFiles {
  /** The certificate of the server, then those that lead to its issuer; PEM. */
  readonly certFile: string;
  /** Its private key, not encrypted; PEM. */
  readonly keyFile: string;
}

/** A certificate and the key that belongs to it. */
export interface Pair {
  readonly cert: Buffer;
  readonly key: Buffer;
  readonly validFrom: Date;
  readonly validTo: Date;
  /** Whether every user of the machine can read the key's file. */
  readonly isKeyOpen: boolean;
  /** SHA-256 of the server's certificate, as `AB:CD:…`. */
  readonly fingerprint: string;
}

/** A file of a pair is a few kilobytes; a larger one is another file. */
const MAX_BYTES = 1024 * 1024;

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/**
 * Reads a certificate and its key, and checks that they belong together. Whether the certificate is
 * expired is not checked.
 *
 * @throws {@link TlsError}
 */
export async function readPair({ certFile, keyFile }: PairFiles): Promise<Pair> {
  const { bytes: cert } = await readPart(certFile, 'tls_cert_unreadable');
  const { bytes: key, mode } = await readPart(keyFile, 'tls_key_unreadable');
  const [own, ...others] = parseCertificates(cert, certFile);
  const privateKey = parseKey(key, keyFile);
  if (!own.checkPrivateKey(privateKey)) {
    if (others.some((other) => other.checkPrivateKey(privateKey))) {
      throw new TlsError(
        'tls_chain_order',
        `the key in ${keyFile} belongs to a later certificate of ${certFile}: put the server's own first`,
      );
    }
    throw new TlsError(
      'tls_key_mismatch',
      `the key in ${keyFile} is not that of the certificate in ${certFile}: name the two of one pair`,
    );
  }
  try {
    createSecureContext({ cert, key });
  } catch (error) {
    throw new TlsError(
      'tls_pair_refused',
      `OpenSSL refuses the pair of ${certFile} and ${keyFile} (${errorMessage(error)}): have it made anew`,
      { cause: error },
    );
  }
  return {
    ...{ cert, key, isKeyOpen: isOpenToOthers(mode), fingerprint: own.fingerprint256 },
    validFrom: new Date(own.validFrom),
    validTo: new Date(own.validTo),
  };
}

/** Whether a mode lets every user read; a group is named on purpose. Windows has no such modes. */
export const isOpenToOthers = (mode: number): boolean =>
  process.platform !== 'win32' && (mode & 0o004) !== 0;

async function readPart(
  file: string,
  code: 'tls_cert_unreadable' | 'tls_key_unreadable',
): Promise<{ readonly bytes: Buffer; readonly mode: number }> {
  try {
    const found = await stat(file);
    if (!found.isFile()) throw new Error('it is no file');
    if (found.size > MAX_BYTES) throw new Error('it is larger than 1 MiB');
    return { bytes: await readFile(file), mode: found.mode };
  } catch (error) {
    const why = hasCode(error, 'ENOENT') ? 'there is no such file' : errorMessage(error);
    throw new TlsError(code, `${file} cannot be read (${why}): name a PEM file that can be`, {
      cause: error,
    });
  }
}

function parseCertificates(
  bytes: Buffer,
  file: string,
): readonly [X509Certificate, ...X509Certificate[]] {
  try {
    const text = bytes.toString('latin1');
    const [first, ...rest] = text.match(CERTIFICATE) ?? [];
    const begun = text.split('-----BEGIN CERTIFICATE-----').length - 1;
    if (first === undefined) throw new Error('it has no BEGIN CERTIFICATE line with its end');
    if (begun > rest.length + 1) throw new Error('its last certificate has no end');
    return [new X509Certificate(first), ...rest.map((pem) => new X509Certificate(pem))];
  } catch (error) {
    throw new TlsError(
      'tls_cert_malformed',
      `${file} is no certificate in PEM (${errorMessage(error)}): name the server's certificate with its chain`,
      { cause: error },
    );
  }
}

function parseKey(bytes: Buffer, file: string): KeyObject {
  try {
    return createPrivateKey(bytes);
  } catch (error) {
    if (/ENCRYPTED/.test(bytes.toString('latin1'))) {
      throw new TlsError(
        'tls_key_encrypted',
        `the key in ${file} is encrypted, and nobody is there to type its passphrase: decrypt it with openssl pkey -in ${file} -out <file>, and let only the collector's user read it`,
        { cause: error },
      );
    }
    throw new TlsError(
      'tls_key_malformed',
      `${file} is no private key in PEM (${errorMessage(error)}): name the certificate's key`,
      { cause: error },
    );
  }
}
