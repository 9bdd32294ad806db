#!/usr/bin/env node
import { ManifestFileError } from './access/manifest-files.js';
import { ProjectSettingsError } from './access/project-settings.js';
import { setTimeout as wait } from 'node:timers/promises';
import { AskError } from './ask-collector.js';
import { BackupError } from './backup/backup-steps.js';
import { backUp, restore } from './backup-command.js';
import { clean } from './clean-command.js';
import { ConfigError } from './config.js';
import { BackupFolderError } from './erasures/erasure-keeper.js';
import { applyRetention, exportData } from './data-commands.js';
import { describeOptions, loadConfig } from './load-config.js';
import { createProgressLine, migrateData } from './migrate-command.js';
import { PepperError } from './privacy/pepper.js';
import { DataError } from './recovery/examine-data.js';
import { serve } from './server.js';
import { showStats } from './stats-command.js';
import { ThreadDiedError } from './threads/open-thread.js';
import { VERSION } from './version.js';

const HELP = `Usage: headcount-collector [serve] [options]
       headcount-collector migrate [--rehearse] [options]
       headcount-collector retention [--dry-run] [options]
       headcount-collector export [--what <kind>] [--format ndjson|csv]
                                  [--project <name>] [--out <file>] [--data <folder>]
       headcount-collector clean --project <name> [--day <date> | --from <date> --to <date>]
           [--new] [--where <dimension>=<value>] [--dry-run] [--url <url>] [--json]
       headcount-collector clean list | clean undo <id>
       headcount-collector stats [--url <url>] [--project <name>] [--json]
       headcount-collector backup <file> [--data <folder>] [--without-pepper]
       headcount-collector restore <file> [--data <folder>] [--replace]

Takes Headcount's reports and counts them.

stats prints the counts of each project, or of each that --project names: of the
collector at --url, else of the one that runs on this machine. It ends with 1 if
no collector gives them.

clean takes made-up data out of all answers: a project; with --day --new the people
who were new then; with --where version=9.9.9 those who had nothing else. --dry-run
tells what would go. It can be undone for 7 days; then the data is erased.

migrate brings the data folder to this release's schema, as every start does.
With --rehearse it tries that on a copy and says what it did and how long it
took, also while a collector runs.

retention drops what is older than it may be, as a collector does once a day.
With --dry-run it only says how much that is, also while a collector runs.

export writes everything of a kind (--what users, days, rollups, reports or
quality; --format ndjson or csv; --project <name>) to stdout or to --out <file>,
also while a collector runs. It holds the pseudonymous hashes of users.

backup writes everything that was acknowledged to one file, also while a
collector runs. Deletions that follow are kept in the file erasures beside it.

restore makes a data folder of a backup. It refuses a folder that is not empty
unless --replace is given: then the old content is moved aside, and what its
journal still holds is counted. Further options: --without-erasures if the file
erasures is lost, --pepper <file> for a backup without the pepper, and
--without-backup, without a file, to count what the journal holds.

Options:
${describeOptions()}
  --help
      show this
  --version
      show the version
`;

const COMMANDS = ['serve', 'migrate', 'stats', 'retention', 'export', 'clean', 'backup', 'restore'];

const REHEARSE = '--rehearse';
const DRY_RUN = '--dry-run';

async function run(argv: readonly string[]): Promise<void> {
  const [first = 'serve', ...rest] = argv;
  // For what the databases create by themselves, such as their write-ahead logs.
  process.umask(0o077);
  if (argv.includes('--help') || argv.includes('-h')) {
    process.stdout.write(HELP);
    return;
  }
  if (argv.includes('--version')) {
    process.stdout.write(`${VERSION}\n`);
    return;
  }
  if (!first.startsWith('-') && !COMMANDS.includes(first)) {
    throw new ConfigError(`Unknown command "${first}"; expected: ${COMMANDS.join(', ')}.`);
  }
  if (first === 'stats') {
    await showStats(rest, { env: process.env, print: (text) => process.stdout.write(text) });
    return;
  }
  const commandOptions = {
    env: process.env,
    print: (text: string) => void process.stdout.write(text),
    tell: (line: string) => {
      if (process.stderr.isTTY) process.stderr.write(`\r${line}\u001B[K`);
    },
    now: () => new Date(),
  };
  if (first === 'export') {
    await exportData(rest, commandOptions);
    return;
  }
  if (first === 'retention') {
    const options = rest.filter((argument) => argument !== DRY_RUN);
    await applyRetention(loadConfig(options, process.env), {
      ...commandOptions,
      isRehearsal: options.length < rest.length,
    });
    return;
  }
  if (first === 'clean') {
    await clean(rest, {
      env: process.env,
      print: (text) => process.stdout.write(text),
      onProgress: (text) => {
        if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
      },
      wait,
    });
    return;
  }
  if (first === 'backup' || first === 'restore') {
    await (first === 'backup' ? backUp : restore)(rest, {
      env: process.env,
      print: (line) => process.stdout.write(`${line}\n`),
      progress: process.stderr,
      now: () => new Date(),
    });
    return;
  }
  const onProgress = createProgressLine(process.stderr);
  if (first === 'migrate') {
    const options = rest.filter((argument) => argument !== REHEARSE);
    migrateData(loadConfig(options, process.env), {
      isRehearsal: options.length < rest.length,
      print: (line) => process.stdout.write(`${line}\n`),
      onProgress,
      now: () => new Date(),
    });
    return;
  }
  const config = loadConfig(first === 'serve' ? rest : argv, process.env);
  await serve(config, {
    announce: (line) => process.stderr.write(`${line}\n`),
    isTerminal: process.stderr.isTTY,
    onProgress,
  });
}

try {
  await run(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`headcount-collector: ${explain(error)}\n`);
  process.exitCode = 1;
}

function explain(error: unknown): string {
  if (error instanceof ConfigError || error instanceof PepperError) {
    return `${error.message}\nSee headcount-collector --help.`;
  }
  if (
    error instanceof AskError ||
    error instanceof BackupError ||
    error instanceof BackupFolderError ||
    error instanceof DataError ||
    error instanceof ManifestFileError ||
    error instanceof ProjectSettingsError
  ) {
    return error.message;
  }
  if (error instanceof ThreadDiedError) {
    return `${error.message} Nothing that was acknowledged is lost: start it again.`;
  }
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
