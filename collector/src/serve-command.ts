import type { CommandContext } from './commands/command.js';
import { createProgressLine } from './commands/progress-line.js';
import { endInTime } from './end-in-time.js';
import { loadConfig } from './load-config.js';
import { tellDroppedLines } from './logs/logger.js';
import { endOutputs, openOutput } from './logs/output.js';
import { serve } from './server.js';
import { letHeapsGrow } from './threads/keep-heaps-small.js';

/**
 * Runs the collector until it is told to end.
 *
 * @param argv - Its options.
 * @throws What `serve()` throws.
 */
export async function serveAs(
  argv: readonly string[],
  { env, progress, now }: Pick<CommandContext, 'env' | 'progress' | 'now'>,
): Promise<void> {
  const config = loadConfig(argv, env);
  if (config.store !== undefined) letHeapsGrow();
  const log = openOutput(1, { now, tellDropped: tellDroppedLines });
  let hasFailed = true;
  try {
    await serve(config, {
      log,
      announce: (line) => void progress.write(`${line}\n`),
      isTerminal: progress.isTTY,
      onProgress: createProgressLine(progress),
    });
    hasFailed = false;
  } finally {
    await endOutputs([log]);
    endInTime(hasFailed ? 'SIGKILL' : 'SIGTERM');
  }
}
