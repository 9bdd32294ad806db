import { isHeadcountError } from '../errors.js';
import { DECLARED_HASH } from '../headcount.js';
import type { AppRecord } from '../project/app-record.js';
import { runForAll } from './all-command.js';
import { allProjects } from './all-projects.js';
import { EXIT_CODES, type ExitCode } from './command.js';
import { runManifest } from './run-manifest.js';
import { parseArguments } from './parse-arguments.js';
import type { MainParts } from './main-parts.js';
import { type Printer, printerFor } from './printer.js';

const NAME = 'npx headcount';
const OPTIONS = `
Options:
  --project <name>   the program; without it, status, on and off apply to all programs
  --endpoint <url>   the collector of a program that has not run here yet
  --events <file>    manifest: the module that exports the declared events
  --check            manifest: write nothing, and exit with 3 if a file differs
  --json             print one JSON document instead of text
  --version, --help`;

/** `npx headcount …`: the commands for users, for any program that uses Headcount. */
export async function main(args: readonly string[], parts: MainParts): Promise<ExitCode> {
  const { platform } = parts;
  const terminal = printerFor(parts.terminal);
  const parsed = parseArguments(args);
  const help = `${parts.commandHelp(`${NAME} [--project <name>]`)}\n${OPTIONS}`.split('\n');
  if (typeof parsed === 'string') {
    terminal.err(parsed, ...help);
    return EXIT_CODES.USAGE;
  }
  const { words, project, endpoint, json, check, wantsHelp, wantsVersion } = parsed;
  if (wantsHelp || wantsVersion) {
    terminal.out(...(wantsVersion ? [parts.version] : help));
    return EXIT_CODES.DONE;
  }
  const all = allProjects(platform);
  const [word = 'status', ...more] = words;
  if (word === 'manifest' && more.length === 0)
    return guarded(terminal, () => runManifest(parsed, parts, terminal));
  if (check || parsed.events !== undefined) {
    terminal.err('--check and --events are for "manifest".', ...help);
    return EXIT_CODES.USAGE;
  }
  if (project === undefined) {
    if (words.length < 2 && (word === 'status' || word === 'on' || word === 'off')) {
      return guarded(terminal, () => runForAll(word, { all, terminal, json }));
    }
    const known = all.known().map((record) => `  --project ${record.project}`);
    const needs = `"${word}" needs one program: name it with --project.`;
    if (known.length > 0) terminal.err(`${needs} Known here:`, ...known);
    else terminal.err(needs, ...help);
    return EXIT_CODES.USAGE;
  }
  const record = all.known().find((known) => known.project === project);
  const address = endpoint ?? record?.endpoint;
  // As for the program: reports to such an address have another ID.
  const isVariable = endpoint === undefined && record?.fromEnvironment === true;
  if (isVariable && address !== undefined) parts.useEndpointVariable(address);
  if (!record) terminal.err(unknownHere(project, all.known()));
  return guarded(terminal, () => {
    const headcount = parts.createHeadcount({
      project,
      version: record?.version ?? 'unknown',
      allowInsecure: endpoint === undefined, // the program was allowed to use its own endpoint
      ...(address !== undefined && !isVariable && { endpoint: address }),
      ...(record && {
        mode: record.mode,
        notice: record.notice,
        [DECLARED_HASH]: record.events,
      }),
    });
    return parts.runCommand(headcount, json ? [...words, '--json'] : words, {
      name: record?.command ?? `${NAME} --project ${project}`,
      terminal: parts.terminal,
    });
  });
}

/** Names the known programs, in case the name was mistyped. */
function unknownHere(project: string, known: readonly AppRecord[]): string {
  const names = known.map((record) => record.project).join(', ') || 'none';
  return `No program called "${project}" has reported from here so far (known: ${names}).`;
}

/** Runs a command. Prints mistakes in the arguments or declared events, and failures. */
async function guarded(terminal: Printer, run: () => Promise<ExitCode>): Promise<ExitCode> {
  try {
    return await run();
  } catch (error) {
    if (!isHeadcountError(error)) {
      terminal.err(
        error instanceof Error ? error.message : 'The command failed without a message.',
      );
      return EXIT_CODES.FAILED;
    }
    const name = error.option.startsWith('events') ? error.option : `--${error.option}`;
    terminal.err(`${name} must be ${error.expected}.`);
    return EXIT_CODES.USAGE;
  }
}
