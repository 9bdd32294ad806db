import fs from 'node:fs';
import process from 'node:process';

/** What decides about telemetry, as far as a user can change it. */
export interface Surroundings {
  readonly variable: (name: string) => string | undefined;
  /** Whether a file belongs to another user. */
  readonly isOthers: (file: string) => boolean;
}

/** The {@link Surroundings} of this process. */
export const surroundings: Surroundings = {
  variable: (name) => process.env[name],
  isOthers(file) {
    try {
      const { uid } = fs.lstatSync(file);
      return process.geteuid !== undefined && uid !== process.geteuid();
    } catch {
      return false; // there is no such file, or it cannot be looked at
    }
  },
};
