import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The files of a certificate and its key. */
export interface CertificateFiles {
  readonly cert: string;
  readonly key: string;
}

export interface Authority extends CertificateFiles {
  /** Makes a certificate with a key of its own. @param days - Less than 0 is expired. */
  issue(name: string, host: string, days?: number): CertificateFiles;
}

const openssl = (...args: readonly string[]): void =>
  void execFileSync('openssl', args, { stdio: 'pipe' });

const EC = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

/** An issuer of certificates, made by openssl. */
export function createAuthority(folder: string, name = 'ca'): Authority {
  const fileOf = (file: string): string => join(folder, file);
  const authority = { cert: fileOf(`${name}.pem`), key: fileOf(`${name}.key`) };
  openssl(
    ...['req', '-x509', ...EC, '-keyout', authority.key, '-out', authority.cert, '-days', '30'],
    ...['-subj', `/CN=${name}`, '-addext', 'keyUsage=critical,keyCertSign'],
  );
  return {
    ...authority,
    issue: (own, host, days = 2) => {
      const files = { cert: fileOf(`${own}.pem`), key: fileOf(`${own}.key`) };
      const [request, extensions] = [fileOf(`${own}.csr`), fileOf(`${own}.ext`)];
      writeFileSync(extensions, `subjectAltName=DNS:${host}\n`);
      openssl('req', ...EC, '-keyout', files.key, '-out', request, '-subj', `/CN=${own}`);
      openssl(
        ...['x509', '-req', '-in', request, '-CA', authority.cert, '-CAkey', authority.key],
        ...['-days', String(days), '-out', files.cert, '-extfile', extensions],
      );
      return files;
    },
  };
}

/** Encrypts a key with a passphrase. */
export function encryptKey({ key }: CertificateFiles, out: string): string {
  openssl('pkey', '-in', key, '-aes256', '-passout', 'pass:secret', '-out', out);
  return out;
}

/** Writes files one after the other into one. */
export function joinFiles(files: readonly string[], out: string): string {
  writeFileSync(out, files.map((file) => readFileSync(file, 'utf8')).join(''));
  return out;
}
