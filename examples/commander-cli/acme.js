#!/usr/bin/env node
import { Command, Option } from 'commander';
import { createHeadcount } from 'headcount';
import { runCommand } from 'headcount/cli';
import { events } from './events.js';

const command = 'acme telemetry';
const headcount = createHeadcount({
  packageJson: import.meta.url,
  notice: 'before-send',
  command,
  events,
});

const program = new Command('acme');

program
  .command('greet')
  .argument('[name]', 'whom to greet', 'world')
  .addOption(new Option('--language <language>').choices(['en', 'de']).default('en'))
  .action((name, { language }) => {
    const notice = headcount.notice();
    if (notice) console.error(notice);
    const hello = language === 'de' ? 'Hallo' : 'Hello';
    headcount.time('greet', () => console.log(`${hello}, ${name}!`), {
      language,
      byName: name !== 'world',
    });
  });

program
  .command('telemetry')
  .argument('[words...]', 'status, on, off, show, export, forget, doctor, manifest')
  .allowUnknownOption() // --json and --check are for the command itself
  .action(async (words, _options, { args }) => {
    process.exitCode = await runCommand(headcount, args.length > 0 ? args : words, {
      name: command,
    });
  });

await program.parseAsync();
