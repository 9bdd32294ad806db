import os from 'node:os';
import path from 'node:path';
import type { OwnNames } from '../../../platform/platform.js';

/** What this machine and its user are called. Never throws. */
export const ownNames = (): OwnNames => ({
  users: [quietly(() => os.userInfo().username), path.basename(quietly(() => os.homedir()))],
  hosts: [quietly(() => os.hostname())],
});

/** A user without an entry in the system's list has no name, and no home. */
function quietly(ask: () => string): string {
  try {
    return ask();
  } catch {
    return '';
  }
}
