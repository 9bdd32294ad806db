import os from 'node:os';
import path from 'node:path';
import type { OwnNames } from '../../../platform/platform.js';

/** The names of this machine and its user. Never throws. */
export const ownNames = (): OwnNames => ({
  users: [quietly(() => os.userInfo().username), path.basename(quietly(() => os.homedir()))],
  hosts: [quietly(() => os.hostname())],
});

/** As `os.release()`. */
export const release = (): string => quietly(() => os.release());

/** A user who is missing in the system's list has no name and no home folder. */
function quietly(ask: () => string): string {
  try {
    return ask();
  } catch {
    return '';
  }
}
