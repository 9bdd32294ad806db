#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { commandHelp, runCommand } from './cli.js';
import { loadModule } from './cli/load-module.js';
import { workingFolder } from './cli/working-folder.js';
import { main } from './cli/main.js';
import { onProcessStreams } from './cli/terminal.js';
import { nodePlatform } from './host/platform/node-platform.js';
import { runCheck } from './check/check-command.js';
import { createHeadcount } from './index.js';

const manifest = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
const { version } = JSON.parse(manifest) as { version: string };

const self = fileURLToPath(import.meta.url);

process.exitCode = await onProcessStreams((terminal) =>
  main(process.argv.slice(2), {
    platform: nodePlatform(),
    terminal,
    folder: workingFolder,
    loadModule,
    version,
    check: (args) => runCheck(args, { terminal, folder: workingFolder, self }),
    useEndpointVariable(url) {
      process.env['HEADCOUNT_ENDPOINT'] ||= url;
    },
    createHeadcount,
    runCommand,
    commandHelp,
  }),
);
