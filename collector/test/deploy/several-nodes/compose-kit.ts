import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { deployFile } from '../support/deploy-file.js';
import { fillVariables } from '../support/fill-variables.js';

interface Service {
  readonly [member: string]: unknown;
  readonly image: string;
  readonly environment: Readonly<Record<string, string | number>>;
  readonly entrypoint: readonly string[];
  readonly secrets: readonly string[];
  readonly volumes: readonly string[];
}

interface ComposeKit {
  readonly services: Readonly<Record<string, Service>>;
  readonly secrets: Readonly<Record<string, { readonly file: string }>>;
}

/** What compose-postgres.yml says, without variables of a reader. */
export const readComposeKit = (): ComposeKit => {
  const text = readFileSync(deployFile('docker/compose-postgres.yml'), 'utf8');
  return parse(fillVariables(text).replaceAll('$$', '$'), { merge: true }) as ComposeKit;
};

/** Makes the secrets of the kit in a folder, which may have some of them. */
export function makeSecrets(folder: string): void {
  execFileSync('sh', [deployFile('postgres/make-secrets.sh'), folder], { stdio: 'pipe' });
}

/** Puts the pepper into a data folder by a command of the kit. */
export function placePepper(command: readonly string[], secrets: string, data: string): void {
  const [shell = '', ...args] = command.map((word) => word.replace('/run/secrets', secrets));
  execFileSync(shell, args, { env: { PATH: process.env['PATH'], HEADCOUNT_DATA: data } });
}
