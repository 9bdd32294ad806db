#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import process from 'node:process';
import { commandHelp, runCommand } from './cli.js';
import { main } from './cli/main.js';
import { createHeadcount } from './index.js';
import { loadModule } from './platform/load-module.js';
import { nodePlatform } from './platform/node-platform.js';
import { nodeTerminal } from './platform/node-terminal.js';
import { workingFolder } from './platform/working-folder.js';

const manifest = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
const { version } = JSON.parse(manifest) as { version: string };

process.exitCode = await main(process.argv.slice(2), {
  platform: nodePlatform(),
  terminal: nodeTerminal(),
  folder: workingFolder,
  loadModule,
  version,
  createHeadcount,
  runCommand,
  commandHelp,
});
