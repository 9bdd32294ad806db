import { setTimeout as wait } from 'node:timers/promises';
import { COMMANDS } from './command-table.js';
import type { CommandContext } from './commands/command.js';
import { explainPathError } from './commands/explain-path-error.js';
import { helpOf } from './commands/help.js';
import { ConfigError } from './config.js';
import { hasCode } from './has-code.js';
import { endOutputs, openOutput } from './logs/output.js';
import { VERSION } from './version.js';

const now = (): Date => new Date();
const stderr = openOutput(2, { now, tellDropped: ({ lines }) => `(${lines} lines are missing)\n` });
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

const context: CommandContext = {
  env: process.env,
  print: (text) => void process.stdout.write(text),
  write: writeToReader,
  warn,
  tell: (text) => {
    if (process.stderr.isTTY) process.stderr.write(`\r${text}\u001B[K`);
  },
  progress: { isTTY: process.stderr.isTTY, write: (text) => stderr.write(text) },
  isTerminal: process.stdout.isTTY,
  now,
  wait,
};

async function run(argv: readonly string[]): Promise<void> {
  // For what the databases create by themselves, such as their write-ahead logs.
  process.umask(0o077);
  const [first] = argv;
  if (argv.includes('--help') || argv.includes('-h')) {
    process.stdout.write(helpOf(COMMANDS, first));
    return;
  }
  if (argv.includes('--version')) {
    process.stdout.write(`${VERSION}\n`);
    return;
  }
  const isNamed = first !== undefined && !first.startsWith('-');
  const command = COMMANDS.find(({ name }) => name === (isNamed ? first : 'serve'));
  if (command === undefined) {
    const names = COMMANDS.map(({ name }) => name).join(', ');
    throw new ConfigError(`Unknown command "${first ?? ''}"; expected: ${names}.`);
  }
  const code = await command.run(isNamed ? argv.slice(1) : argv, context);
  if (code !== undefined) process.exitCode = code;
}

try {
  await run(process.argv.slice(2));
} catch (error) {
  const { explainFailure } = await import('./explain-failure.js');
  warn(explainFailure(error));
  process.exitCode = 1;
}
await endOutputs([stderr]);
