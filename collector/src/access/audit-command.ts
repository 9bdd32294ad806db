import { statSync } from 'node:fs';
import { errorMessage } from '../error-message.js';
import { openAudit } from './audit.js';

export interface CommandAudit {
  /** The data folder. */
  readonly folder: string;
  /** The file of the audit log in it. */
  readonly path: string;
  readonly now: () => Date;
  /** Such as `backup`. */
  readonly action: string;
  /** What it was done to. */
  readonly target: string;
  /** Prints a line for people. */
  readonly warn: (line: string) => void;
}

/**
 * Records what a command has done to a data folder. What was done stays done where that fails, such
 * as in a folder that is mounted read-only, and the person is told.
 */
export async function auditCommand(command: CommandAudit): Promise<void> {
  const { folder, path, now, action, target, warn } = command;
  try {
    // A file of another user's would be one that the collector cannot write.
    const owner = statSync(folder).uid;
    const user = process.geteuid?.() ?? owner;
    if (user !== owner) throw new Error(`${folder} belongs to the user with the number ${owner}`);
    await openAudit(path, now).record(
      { id: null, name: 'command line' },
      { action, target, outcome: 'done' },
    );
  } catch (error) {
    warn(`It is not in the audit log: ${errorMessage(error)}.`);
  }
}
