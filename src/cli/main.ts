import type { createHeadcount } from '../headcount.js';
import { isHeadcountError } from '../errors.js';
import type { Platform } from '../platform/platform.js';
import { runForAll } from './all-command.js';
import { allProjects } from './all-projects.js';
import type { commandHelp } from './commands.js';
import { EXIT_CODES, type ExitCode } from './exit-codes.js';
import { parseArguments } from './parse-arguments.js';
import type { runCommand } from './run-command.js';
import type { Terminal } from './terminal.js';

/** What the program itself takes. */
export interface MainParts {
  readonly platform: Platform;
  readonly terminal: Terminal;
  readonly version: string;
  readonly createHeadcount: typeof createHeadcount;
  readonly runCommand: typeof runCommand;
  readonly commandHelp: typeof commandHelp;
}

const NAME = 'npx headcount';
const OPTIONS = `
Options:
  --project <name>   the program it is about; without it, status, on and off are about all
  --endpoint <url>   the collector, where the program has not named one yet
  --json             one JSON document in place of text
  --version, --help`;

/** `npx headcount …`: the user's commands for any program that uses Headcount. */
export async function main(args: readonly string[], parts: MainParts): Promise<ExitCode> {
  const { platform, terminal } = parts;
  const parsed = parseArguments(args);
  const help = `${parts.commandHelp(`${NAME} [--project <name>]`)}\n${OPTIONS}`;
  if (typeof parsed === 'string') {
    terminal.err(`${parsed}\n${help}`);
    return EXIT_CODES.USAGE;
  }
  const { words, project, endpoint, json, wantsHelp, wantsVersion } = parsed;
  if (wantsHelp || wantsVersion) {
    terminal.out(wantsVersion ? parts.version : help);
    return EXIT_CODES.DONE;
  }
  const all = allProjects(platform);
  const [word = 'status'] = words;
  if (project === undefined) {
    if (words.length < 2 && (word === 'status' || word === 'on' || word === 'off')) {
      return runForAll(word, { all, terminal, json });
    }
    const known = all.known().map((record) => `  --project ${record.project}`);
    const which = known.length > 0 ? `Known here:\n${known.join('\n')}` : help;
    terminal.err(`"${word}" is about one program: name it with --project. ${which}`);
    return EXIT_CODES.USAGE;
  }
  const record = all.known().find((known) => known.project === project);
  const address = endpoint ?? record?.endpoint;
  try {
    const headcount = parts.createHeadcount({
      project,
      version: record?.version ?? 'unknown',
      allowInsecure: endpoint === undefined, // the program has decided that for its own endpoint
      ...(address !== undefined && { endpoint: address }),
      ...(record && { mode: record.mode, notice: record.notice }),
    });
    const name = record?.command ?? `${NAME} --project ${project}`;
    return await parts.runCommand(headcount, json ? [...words, '--json'] : words, {
      name,
      terminal,
    });
  } catch (error) {
    if (!isHeadcountError(error)) throw error;
    terminal.err(`--${error.option} must be ${error.expected}.`);
    return EXIT_CODES.USAGE;
  }
}
