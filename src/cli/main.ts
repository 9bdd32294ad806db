import { CHECK_SUMMARY } from './check-summary.js';
import { isHeadcountError } from '../errors.js';
import { DECLARED_HASH } from '../headcount.js';
import { runForAll } from './all-command.js';
import { allProjects } from './all-projects.js';
import { EXIT_CODES, type ExitCode } from './exit-codes.js';
import { runManifest } from './run-manifest.js';
import { type Arguments, parseArguments } from './parse-arguments.js';
import type { MainParts } from './main-parts.js';
import { type Printer, printerFor } from './printer.js';
import { programEndpoint } from './program-endpoint.js';
import { unknownStatus, unknownText } from './unknown-program.js';

const NAME = 'npx headcount';
/** The command for authors that no program can mount: it runs the program itself. */
const AUTHORS = `  check     ${CHECK_SUMMARY}: npx headcount check --help`;
const OPTIONS = `
Options:
  --project <name>   the program; without it, status, on and off apply to all programs
  --endpoint <url>   the collector of a program that has not run here yet
  --basic            on: only the events startup and alive are reported, without fields
  --proof            show: only your ID and its proof for each collector, which open your data there
  --events <file>    manifest: the module that exports the declared events
  --check            manifest: write nothing, and exit with 3 if a file differs
  --json             print one JSON document instead of text
  --version, --help`;

/** `npx headcount …`: the commands for users, for any program that uses Headcount. */
export async function main(args: readonly string[], parts: MainParts): Promise<ExitCode> {
  const terminal = printerFor(parts.terminal);
  const [word, ...rest] = args;
  // All that follows is another program's.
  if (word === 'check') return guarded(terminal, () => parts.check(rest));
  const parsed = parseArguments(args);
  const commands = `${parts.commandHelp(`${NAME} [--project <name>]`)}\n${AUTHORS}`;
  const help = `${commands}\n${OPTIONS}`.split('\n');
  if (parsed === 'help' || parsed === 'version') {
    terminal.out(...(parsed === 'version' ? [parts.version] : help));
    return EXIT_CODES.DONE;
  }
  if ('mistake' in parsed) {
    terminal.err(parsed.mistake, ...help);
    return EXIT_CODES.USAGE;
  }
  return guarded(terminal, () => runParsed(parsed, parts, terminal));
}

async function runParsed(
  parsed: Arguments,
  parts: MainParts,
  terminal: Printer,
): Promise<ExitCode> {
  const { word, project, endpoint, basic, json } = parsed;
  if (word === 'manifest') return runManifest(parsed, parts, terminal);
  const all = allProjects(parts.platform);
  if (project !== undefined) return runForOne({ ...parsed, project }, parts, terminal);
  const isForAll = word === 'status' || word === 'on' || word === 'off';
  if (isForAll && endpoint === undefined)
    return runForAll(word, { all, env: parts.platform.env, terminal, basic, json });
  const known = all.known().map((record) => `  --project ${record.project}`);
  terminal.err(
    `"${isForAll ? '--endpoint' : word}" needs one program: name it with --project.`,
    ...(known.length > 0
      ? ['Known here:', ...known]
      : ['No program has reported from here so far.']),
  );
  return EXIT_CODES.USAGE;
}

async function runForOne(
  { word, project, endpoint: given, basic, proof, json }: Arguments & { readonly project: string },
  parts: MainParts,
  terminal: Printer,
): Promise<ExitCode> {
  const { platform } = parts;
  const all = allProjects(platform);
  const known = all.known();
  const record = known.find((each) => each.project === project);
  if (!record) {
    const names = known.map((each) => each.project);
    const unknown = { project, known: names, unreadable: all.unreadable(project) };
    const isChosen = all.hasOwnChoice(project); // the choice is known, if nothing else
    if (word === 'status' && !isChosen) return unknownStatus(unknown, json, terminal);
    terminal.err(unknownText(unknown));
  }
  const { endpoint, variable, allowInsecure, from } = programEndpoint(given, platform.env, record);
  if (variable !== undefined) parts.useEndpointVariable(variable);
  const headcount = parts.createHeadcount({
    project,
    version: record?.version ?? 'unknown',
    allowInsecure,
    ...(endpoint !== undefined && { endpoint }),
    ...(record && {
      mode: record.mode,
      notice: record.notice,
      ...(record.flushIntervalMs !== undefined && { flushIntervalMs: record.flushIntervalMs }),
      ...(record.exitUploadIntervalMs !== undefined && {
        exitUploadIntervalMs: record.exitUploadIntervalMs,
      }),
      ...(record.exitBudgetMs !== undefined && { exitBudgetMs: record.exitBudgetMs }),
      [DECLARED_HASH]: record.events,
    }),
  });
  const flags = [
    ...(basic ? ['--basic'] : []),
    ...(proof ? ['--proof'] : []),
    ...(json ? ['--json'] : []),
  ];
  return parts.runCommand(headcount, [word, ...flags], {
    name: record?.command ?? `${NAME} --project ${project}`,
    terminal: parts.terminal,
    isUnknown: !record && given === undefined && !platform.env['HEADCOUNT_ENDPOINT'],
    ...(from !== undefined && { endpointFrom: from }),
  });
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
    const { option, expected, given } = error;
    const name = option.startsWith('events') ? option : `--${option}`;
    const but = typeof given === 'string' ? `, but "${given}" was given` : '';
    terminal.err(`${name} must be ${expected}${but}.`);
    return EXIT_CODES.USAGE;
  }
}
