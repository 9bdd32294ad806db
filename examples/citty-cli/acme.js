#!/usr/bin/env node
import { defineCommand, runMain } from 'citty';
import { createHeadcount } from 'headcount';
import { runCommand } from 'headcount/cli';

const command = 'acme telemetry';
const headcount = createHeadcount({ packageJson: import.meta.url, mode: 'opt-in', command });

const greet = defineCommand({
  meta: { name: 'greet', description: 'greets somebody' },
  args: { name: { type: 'positional', default: 'world' } },
  run({ args }) {
    const notice = headcount.notice();
    if (notice) console.error(notice);
    headcount.track();
    console.log(`Hello, ${args.name}!`);
  },
});

const telemetry = defineCommand({
  meta: { name: 'telemetry', description: 'status, on, off, show, export, forget, doctor' },
  async run({ rawArgs }) {
    process.exitCode = await runCommand(headcount, rawArgs, { name: command });
  },
});

await runMain(defineCommand({ meta: { name: 'acme' }, subCommands: { greet, telemetry } }));
