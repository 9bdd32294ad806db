import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Certificate {
  readonly cert: string;
  readonly key: string;
  /** Both in one file. */
  readonly both: string;
  /** The certificate itself, for clients that shall trust it. */
  readonly ca: string;
}

/** Makes a certificate for a name, in files of the folder. */
export function makeCertificate(folder: string, name: string): Certificate {
  const path = (file: string): string => join(folder, file);
  const [cert, key, both] = [path('cert.pem'), path('key.pem'), path('both.pem')] as const;
  execFileSync(
    'openssl',
    ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'].concat(
      ['-days', '2', '-subj', `/CN=${name}`, '-addext', `subjectAltName=DNS:${name}`],
      ['-keyout', key, '-out', cert],
    ),
    { stdio: 'ignore' },
  );
  const ca = readFileSync(cert, 'utf8');
  writeFileSync(both, ca + readFileSync(key, 'utf8'), { mode: 0o600 });
  return { cert, key, both, ca };
}
