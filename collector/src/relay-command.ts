import type { CommandContext } from './commands/command.js';
import { showConfigOf } from './commands/config-command.js';
import { endInTime } from './end-in-time.js';
import { loadRelayConfig } from './load-relay-config.js';
import { tellDroppedLines } from './logs/logger.js';
import { endOutputs, openOutput } from './logs/output.js';
import { openRelay } from './open-relay.js';
import { RELAY_OPTIONS } from './relay-options.js';
import { runServer } from './run-server.js';

/** Prints the options, and starts nothing. */
const SHOW_CONFIG = '--show-config';

/**
 * Runs a relay until it is told to end.
 *
 * @param argv - Its options.
 * @throws What `runServer()` throws.
 */
export async function relay(
  argv: readonly string[],
  { env, print, progress, now }: Pick<CommandContext, 'env' | 'print' | 'progress' | 'now'>,
): Promise<void> {
  if (argv.includes(SHOW_CONFIG)) {
    const options = argv.filter((argument) => argument !== SHOW_CONFIG);
    const known = Object.values(RELAY_OPTIONS);
    showConfigOf({ known, load: loadRelayConfig }, options, { env, print });
    return;
  }
  const config = loadRelayConfig(argv, env);
  const log = openOutput(1, { now, tellDropped: tellDroppedLines });
  let hasFailed = true;
  try {
    await runServer(
      // Programs on this machine look for a collector, whose answers a relay has not.
      { ...config, announce: false },
      {
        name: 'headcount-collector relay',
        log,
        announce: (line) => void progress.write(`${line}\n`),
        isTerminal: progress.isTTY,
        open: (parts) => openRelay({ ...config, ...parts }),
      },
    );
    hasFailed = false;
  } finally {
    await endOutputs([log]);
    endInTime(hasFailed ? 'SIGKILL' : 'SIGTERM');
  }
}
