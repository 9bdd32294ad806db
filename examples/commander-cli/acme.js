#!/usr/bin/env node
import { Command } from 'commander';
import { createHeadcount } from 'headcount';
import { runCommand } from 'headcount/cli';

const command = 'acme telemetry';
const headcount = createHeadcount({
  packageJson: import.meta.url,
  notice: 'before-send',
  command,
  events: { greet: { description: 'Somebody was greeted.' } },
});

const program = new Command('acme');

program
  .command('greet')
  .argument('[name]', 'whom to greet', 'world')
  .action((name) => {
    const notice = headcount.notice();
    if (notice) console.error(notice);
    headcount.track('greet');
    console.log(`Hello, ${name}!`);
  });

program
  .command('telemetry')
  .argument('[words...]', 'status, on, off, show, export, forget, doctor')
  .allowUnknownOption() // --json is for the command itself
  .action(async (words, _options, { args }) => {
    process.exitCode = await runCommand(headcount, args.length > 0 ? args : words, {
      name: command,
    });
  });

await program.parseAsync();
