/**
 * The commands for users, which an app can mount under one of its commands.
 *
 * @packageDocumentation
 */
export { commandHelp } from './cli/commands.js';
export { runCommand } from './cli/run-command.js';
export { EXIT_CODES } from './cli/exit-codes.js';

export type { ExitCode } from './cli/exit-codes.js';
export type { RunCommandOptions } from './cli/run-command.js';
export type { Terminal } from './cli/terminal.js';
