import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { safeName } from '../../src/project/safe-name.js';

const CONFIG = ['anonymous-id', 'owner-secret', 'choice'];
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/** A home folder, and a project's files in it. */
export interface Home {
  readonly path: string;
  /** A file of the project, by its name. */
  file(name: string): string;
  read(name: string): string | undefined;
  write(name: string, text: string): void;
  /** Writes the choice for all projects. */
  chooseForAll(text: string): void;
  /** Whether Headcount has written anything. */
  isTouched(): boolean;
  remove(): void;
}

/** Makes an empty home folder. */
export function makeHome(project = 'acme-cli'): Home {
  const path = mkdtempSync(join(tmpdir(), 'headcount-client-home-'));
  const folder = safeName(project, sha256);
  const config = join(path, '.config', 'headcount');
  const state = join(path, '.local', 'share', 'headcount', folder);
  const file = (name: string) =>
    CONFIG.includes(name) ? join(config, folder, name) : join(state, name);
  const write = (to: string, text: string): void => {
    mkdirSync(dirname(to), { recursive: true, mode: 0o700 });
    writeFileSync(to, text, { mode: 0o600 });
  };
  return {
    path,
    file,
    read: (name) => (existsSync(file(name)) ? readFileSync(file(name), 'utf8').trim() : undefined),
    write: (name, text) => write(file(name), text),
    chooseForAll: (text) => write(join(config, '_all', 'choice'), text),
    isTouched: () => existsSync(state) || existsSync(join(config, folder, 'anonymous-id')),
    remove: () => rmSync(path, { recursive: true }),
  };
}

/** The name of the marker of a day, as it is now; `days` later. */
export const markerOf = (days = 0): string => `day.${dayOf(days)}`;

export const dayOf = (days = 0): string =>
  new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
