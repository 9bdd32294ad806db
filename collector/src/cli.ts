#!/usr/bin/env node
import { ConfigError, loadConfig, OPTIONS } from './config.js';
import { PepperError } from './privacy/pepper.js';
import { serve } from './server.js';
import { VERSION } from './version.js';

const HELP = `Usage: headcount-collector [serve] [options]

Takes Headcount's reports and counts them.

Options:
${Object.values(OPTIONS)
  .map(
    ({ flag, variable, fallback, expected }) =>
      `  --${flag.padEnd(12)}${expected} (or ${variable}; default: ${fallback})`,
  )
  .join('\n')}
  --help        show this
  --version     show the version
`;

async function run(argv: readonly string[]): Promise<void> {
  const [first = 'serve', ...rest] = argv;
  if (argv.includes('--help') || argv.includes('-h')) {
    process.stdout.write(HELP);
    return;
  }
  if (argv.includes('--version')) {
    process.stdout.write(`${VERSION}\n`);
    return;
  }
  if (!first.startsWith('-') && first !== 'serve') {
    throw new ConfigError(`Unknown command "${first}"; expected: serve.`);
  }
  const config = loadConfig(first === 'serve' ? rest : argv, process.env);
  await serve(config, (line) => process.stderr.write(`${line}\n`));
}

try {
  await run(process.argv.slice(2));
} catch (error) {
  const isExpected = error instanceof ConfigError || error instanceof PepperError;
  const text = isExpected ? `${error.message}\nSee headcount-collector --help.` : inspect(error);
  process.stderr.write(`headcount-collector: ${text}\n`);
  process.exitCode = 1;
}

function inspect(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
