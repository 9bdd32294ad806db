import { createHash, randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, linkSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { hasCode } from '../has-code.js';
import { syncPath } from '../sync-path.js';

/** Bytes of the pepper. */
export const PEPPER_BYTES = 32;

/** The pepper cannot be used. The message says what to do. */
export class PepperError extends Error {
  override readonly name = 'PepperError';
}

/**
 * Reads the key of all user hashes. If it is missing, it is made: 32 random bytes in a file of mode
 * 0600, created exclusively, so that two collectors that start at once agree.
 *
 * @param path - The file.
 * @param mayCreate - Whether to make a missing pepper. If users are counted already, a new pepper
 * would count each of them again.
 * @throws {@link PepperError}
 */
export function openPepper(path: string, mayCreate: boolean): Buffer {
  const existing = readPepper(path);
  if (existing !== undefined) return existing;
  if (!mayCreate) {
    throw new PepperError(
      `${path} is missing, but users were counted with it. Restore it from a backup, or start with an empty data folder.`,
    );
  }
  createPepper(path);
  const created = readPepper(path);
  if (created === undefined) throw new PepperError(`${path} disappeared while it was created.`);
  return created;
}

/** Tells peppers apart: 16 hex digits, from which nothing of the pepper can be computed. */
export function pepperIdOf(pepper: Uint8Array): string {
  return createHash('sha256').update('headcount pepper').update(pepper).digest('hex').slice(0, 16);
}

/**
 * Reads the key of all user hashes, if there is one.
 *
 * @throws {@link PepperError} if the file is none.
 */
export function readPepper(path: string): Buffer | undefined {
  try {
    const pepper = readFileSync(path);
    if (pepper.length === PEPPER_BYTES) return pepper;
    throw new PepperError(
      `${path} must have ${PEPPER_BYTES} bytes and has ${pepper.length}. Restore it from a backup.`,
    );
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

function createPepper(path: string): void {
  const draft = `${path}.${randomBytes(8).toString('hex')}`;
  const file = openSync(draft, 'wx', 0o600);
  try {
    writeSync(file, randomBytes(PEPPER_BYTES));
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  try {
    // Unlike a rename, a link never replaces what another process has put there meanwhile.
    linkSync(draft, path);
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
  } finally {
    rmSync(draft);
  }
  syncPath(dirname(path));
}
