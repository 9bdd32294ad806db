/**
 * The user's own commands, for an app to mount under a command of its own.
 *
 * @packageDocumentation
 */
export { commandHelp } from './cli/commands.js';
export { runCommand } from './cli/run-command.js';
export { EXIT_CODES } from './cli/command.js';

export type { ExitCode } from './cli/command.js';
export type { RunCommandOptions } from './cli/run-command.js';
export type { Terminal } from './cli/terminal.js';
