import { closeNames, didYouMean } from './close-names.js';
import { printJson } from './command.js';
import { EXIT_CODES, type ExitCode } from './exit-codes.js';
import type { Printer } from './printer.js';

/** A name that no program here has, and the names that there are. */
export interface UnknownProgram {
  readonly project: string;
  readonly known: readonly string[];
  /** Why it cannot be told, if so. */
  readonly unreadable: string | undefined;
}

/** Says that no program of this name is known, and names those that are. */
export function unknownText({ project, known, unreadable }: UnknownProgram): string {
  if (unreadable !== undefined) {
    return `Whether a program called "${project}" has reported from here cannot be read: ${unreadable}.`;
  }
  const names = known.join(', ') || 'none';
  return `No program called "${project}" has reported from here so far (known: ${names}).${didYouMean(project, known)}`;
}

/** `status` of a program that is not known here: whether its telemetry is on cannot be told. */
export function unknownStatus(unknown: UnknownProgram, json: boolean, terminal: Printer): ExitCode {
  const { project, known, unreadable } = unknown;
  if (json) {
    const similar = closeNames(project, known);
    printJson(
      { terminal },
      {
        project,
        isKnown: false,
        known,
        similar,
        ...(unreadable !== undefined && { error: unreadable }),
      },
    );
  } else {
    terminal.err(
      unknownText(unknown),
      'So nothing is known about its telemetry. A program that keeps its files elsewhere has commands of its own.',
    );
  }
  return EXIT_CODES.FAILED;
}
