import { disablingVariable } from '../consent/environment.js';
import { ALL_PROJECTS } from '../file-names.js';
import type { Env } from '../platform/platform.js';
import type { AllProjects } from './all-projects.js';
import { BASIC } from './choose-command.js';
import { printJson } from './command.js';
import { EXIT_CODES, type ExitCode } from './exit-codes.js';
import type { Printer } from './printer.js';

/** What {@link runForAll} needs. */
export interface AllContext {
  readonly all: AllProjects;
  readonly env: Env;
  readonly terminal: Printer;
  /** Whether `on` lets only `startup` and `alive` be reported. */
  readonly basic?: boolean;
  readonly json: boolean;
}

/** Runs `status`, `on` or `off` without a project: for all programs that use Headcount. */
export async function runForAll(
  word: 'status' | 'on' | 'off',
  { all, env, terminal, basic = false, json }: AllContext,
): Promise<ExitCode> {
  const variable = disablingVariable(env, ALL_PROJECTS);
  const butOff =
    variable === undefined
      ? []
      : [`But it is off while the variable ${variable} is set: unset it, or set it to 0.`];
  if (word === 'status') {
    const chosen = all.preference.current();
    const choice = chosen?.level ?? chosen?.telemetry ?? 'none';
    const projects = all.known().map(({ project, version, endpoint, mode }) => ({
      project,
      version,
      endpoint: endpoint ?? 'this machine',
      mode,
    }));
    if (json)
      printJson({ terminal }, { choice, ...(variable !== undefined && { variable }), projects });
    else {
      terminal.out(`Your choice for all programs that use Headcount: ${choice}.`);
      if (choice !== 'off' && butOff.length > 0) terminal.out(...butOff);
      if (projects.length === 0) terminal.out('No program has reported from here so far.');
      for (const { project, version, endpoint } of projects) {
        terminal.out(`  ${project} ${version} → ${endpoint}   npx headcount --project ${project}`);
      }
    }
    return EXIT_CODES.DONE;
  }
  const saved = await all.preference.save(basic ? 'basic' : word, '');
  await all.discard(); // after saving: a sender that holds reports reads the choice again
  if (json) printJson({ terminal }, saved);
  else if (saved.ok) {
    terminal.out(
      `Telemetry is now ${word} for all programs that use Headcount, except those that you made ` +
        `a different choice for. Saved in ${saved.source}.`,
      ...(basic ? [BASIC] : []),
      ...(word === 'on' ? butOff : []),
    );
  } else {
    terminal.err(
      `Your choice could not be saved in ${saved.source}: ${saved.error}.`,
      'Run this as the user that it belongs to, make it writable, or set DO_NOT_TRACK=1.',
    );
  }
  return saved.ok ? EXIT_CODES.DONE : EXIT_CODES.FAILED;
}
