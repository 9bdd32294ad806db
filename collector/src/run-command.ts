import { ManifestFileError } from './access/manifest-files.js';
import { ProjectSettingsError } from './access/project-settings.js';
import { setTimeout as wait } from 'node:timers/promises';
import { AskError } from './commands/ask-collector.js';
import { BackupError } from './backup/backup-steps.js';
import { ConfigError } from './config.js';
import { explainPathError } from './commands/explain-path-error.js';
import { hasCode } from './has-code.js';
import { BackupFolderError } from './erasures/erasure-keeper.js';
import { COMMANDS, helpOf } from './commands/help.js';
import { loadConfig } from './load-config.js';
import { tellDroppedLines } from './logs/logger.js';
import { endOutputs, openOutput } from './logs/output.js';
import { createProgressLine, migrateData } from './commands/migrate-command.js';
import { PepperError } from './privacy/pepper.js';
import { DataError } from './recovery/examine-data.js';
import { serve } from './server.js';
import { LockFileError } from './sqlite/failure.js';
import { TokenFileError } from './access/token-file.js';
import { ThreadDiedError } from './threads/open-thread.js';
import { VERSION } from './version.js';

const REHEARSE = '--rehearse';
const DRY_RUN = '--dry-run';

const now = (): Date => new Date();
const stderr = openOutput(2, { now, tellDropped: ({ lines }) => `(${lines} lines are missing)\n` });
const outputs = [stderr];
const warn = (line: string): void => stderr.write(`headcount-collector: ${line}\n`);

// A reader that has ended has all that it wants, and the command goes on to its end.
process.stdout.on('error', (error: Error) => {
  if (hasCode(error, 'EPIPE')) return;
  if (process.exitCode !== 1)
    warn(`stdout cannot be written: ${explainPathError(error) ?? error.message}.`);
  process.exitCode = 1;
});
process.stderr.on('error', () => undefined); // there is nowhere to tell it

/** Writes to stdout as fast as it is read. Whether anybody reads it. */
async function writeToReader(text: string): Promise<boolean> {
  const { stdout } = process;
  if (stdout.destroyed) return false;
  if (stdout.write(text)) return true;
  await new Promise<void>((resolve) => {
    const go = (): void => {
      for (const event of ['drain', 'close']) stdout.off(event, go);
      resolve();
    };
    for (const event of ['drain', 'close']) stdout.on(event, go);
  });
  return !stdout.destroyed;
}

async function run(argv: readonly string[]): Promise<void> {
  const [first = 'serve', ...rest] = argv;
  // For what the databases create by themselves, such as their write-ahead logs.
  process.umask(0o077);
  if (argv.includes('--help') || argv.includes('-h')) {
    process.stdout.write(helpOf(first));
    return;
  }
  if (argv.includes('--version')) {
    process.stdout.write(`${VERSION}\n`);
    return;
  }
  const names = COMMANDS.map(({ name }) => name);
  if (!first.startsWith('-') && !names.includes(first)) {
    throw new ConfigError(`Unknown command "${first}"; expected: ${names.join(', ')}.`);
  }
  const commandOptions = {
    env: process.env,
    warn,
    print: (text: string) => void process.stdout.write(text),
    tell: (line: string) => {
      if (process.stderr.isTTY) process.stderr.write(`\r${line}\u001B[K`);
    },
    now: () => new Date(),
  };
  // Commands load when they are called: a collector that serves keeps room for none of them.
  if (first === 'config') {
    const { showConfig } = await import('./commands/config-command.js');
    showConfig(rest, commandOptions);
    return;
  }
  if (first === 'stats') {
    const { showStats } = await import('./commands/stats-command.js');
    await showStats(rest, commandOptions);
    return;
  }
  if (first === 'logs') {
    const { showLogs } = await import('./commands/logs-command.js');
    await showLogs(rest, {
      ...commandOptions,
      ...{ wait, isTerminal: process.stdout.isTTY, write: writeToReader },
    });
    return;
  }
  if (first === 'health') {
    const { tellHealth } = await import('./commands/health-command.js');
    process.exitCode = await tellHealth(rest, commandOptions);
    return;
  }
  if (first === 'check') {
    const { check } = await import('./commands/check-command.js');
    process.exitCode = await check(rest, commandOptions);
    return;
  }
  if (first === 'doctor') {
    const { examineAll } = await import('./commands/doctor-command.js');
    process.exitCode = await examineAll(rest, commandOptions);
    return;
  }
  if (first === 'digest') {
    const { printDigest } = await import('./commands/digest-command.js');
    await printDigest(rest, commandOptions);
    return;
  }
  if (first === 'token') {
    const { manageTokens } = await import('./commands/token-command.js');
    await manageTokens(rest, commandOptions);
    return;
  }
  if (first === 'annotation') {
    const { annotate } = await import('./commands/annotation-command.js');
    await annotate(rest, commandOptions);
    return;
  }
  if (first === 'export') {
    const { exportData } = await import('./commands/data-commands.js');
    await exportData(rest, commandOptions);
    return;
  }
  if (first === 'retention') {
    const { applyRetention } = await import('./commands/data-commands.js');
    const options = rest.filter((argument) => argument !== DRY_RUN);
    await applyRetention(loadConfig(options, process.env), {
      ...commandOptions,
      isRehearsal: options.length < rest.length,
    });
    return;
  }
  if (first === 'clean') {
    const { clean } = await import('./commands/clean-command.js');
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
    const { backUp, restore } = await import('./commands/backup-command.js');
    await (first === 'backup' ? backUp : restore)(rest, {
      env: process.env,
      print: (line) => process.stdout.write(`${line}\n`),
      progress: process.stderr,
      warn,
      now: () => new Date(),
    });
    return;
  }
  const onProgress = createProgressLine({ ...stderr, isTTY: process.stderr.isTTY });
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
  const log = openOutput(1, { now, tellDropped: tellDroppedLines });
  outputs.push(log);
  await serve(config, {
    log,
    announce: (line) => stderr.write(`${line}\n`),
    isTerminal: process.stderr.isTTY,
    onProgress,
  });
}

try {
  await run(process.argv.slice(2));
} catch (error) {
  stderr.write(`headcount-collector: ${explain(error)}\n`);
  process.exitCode = 1;
}
await endOutputs(outputs);

function explain(error: unknown): string {
  if (error instanceof ConfigError || error instanceof PepperError) {
    return `${error.message}\nSee headcount-collector --help.`;
  }
  if (
    error instanceof AskError ||
    error instanceof BackupError ||
    error instanceof BackupFolderError ||
    error instanceof DataError ||
    error instanceof LockFileError ||
    error instanceof ManifestFileError ||
    error instanceof ProjectSettingsError ||
    error instanceof TokenFileError
  ) {
    return error.message;
  }
  if (error instanceof ThreadDiedError) {
    return `${error.message} Nothing that was acknowledged is lost: start it again.`;
  }
  const path = error instanceof Error && 'path' in error ? String(error.path) : undefined;
  const cause = explainPathError(error);
  if (path !== undefined && cause !== undefined) return `${path} cannot be used: ${cause}.`;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
