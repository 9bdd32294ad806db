import { openCollector } from './collector.js';
import type { CollectorOptions } from './collector-options.js';
import type { Config } from './config.js';
import { type RunOptions, runServer } from './run-server.js';
import { toPrintable } from './to-printable.js';

export interface ServeOptions extends Pick<RunOptions, 'log' | 'announce' | 'isTerminal'> {
  readonly onProgress: CollectorOptions['onProgress'];
}

/**
 * Runs the collector until it is told to end. The first report of a project is announced on a
 * terminal alone.
 *
 * @throws What `runServer()` throws.
 */
export async function serve(
  config: Config,
  { log, announce, isTerminal, onProgress }: ServeOptions,
): Promise<void> {
  await runServer(config, {
    ...{ name: 'headcount-collector', log, announce, isTerminal },
    open: (parts) =>
      openCollector({
        ...{ ...config, ...parts, onProgress },
        onFirstToken: (token, file) => {
          if (isTerminal)
            announce(`administrator’s token: ${token} (kept in ${file}, not shown again)`);
        },
        onFirstReport: (project) => {
          if (isTerminal) announce(`first report from ${toPrintable(project)}`);
        },
      }),
  });
}
