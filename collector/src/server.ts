import { once } from 'node:events';
import { destination } from 'pino';
import { openCollector, type Collector } from './collector.js';
import { ConfigError, OPTIONS, type Config } from './config.js';
import { dataFolder } from './data-folder.js';
import { hasCode } from './has-code.js';
import { createLogger } from './logs/logger.js';

/**
 * Runs the collector until SIGTERM or SIGINT.
 *
 * @param announce - Told once it listens, for people.
 * @throws `ConfigError` where another configuration would help.
 */
export async function serve(config: Config, announce: (line: string) => void): Promise<void> {
  const stopped = Promise.race([once(process, 'SIGTERM'), once(process, 'SIGINT')]);
  const logger = createLogger(config.logLevel, destination({ dest: 1, sync: true }));
  const collector = await open(config, logger);
  try {
    const url = await listen(collector, config);
    logger.info('listening');
    announce(
      `headcount-collector listens on ${url} and keeps its data in ${dataFolder(config.data).path}`,
    );
    await stopped;
    logger.info('closing');
  } finally {
    await collector.close();
  }
}

async function open({ data }: Config, logger: ReturnType<typeof createLogger>): Promise<Collector> {
  try {
    return await openCollector({ data, logger });
  } catch (error) {
    if (!hasCode(error, 'EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST', 'ENOSPC', 'ENOENT')) {
      throw error;
    }
    const { flag, variable } = OPTIONS.data;
    throw new ConfigError(
      `The data folder ${dataFolder(data).path} cannot be written (${String(codeOf(error))}). Choose another with --${flag} or ${variable}.`,
      { cause: error },
    );
  }
}

async function listen({ app }: Collector, { port, host }: Config): Promise<string> {
  try {
    return await app.listen({ port, host, listenTextResolver: () => 'listening' });
  } catch (error) {
    const hint = hasCode(error, 'EADDRINUSE')
      ? `Port ${port} on ${host} is in use. Choose another with --${OPTIONS.port.flag} or ${OPTIONS.port.variable}.`
      : hasCode(error, 'EACCES')
        ? `Port ${port} may not be used. Choose another with --${OPTIONS.port.flag} or ${OPTIONS.port.variable}.`
        : hasCode(error, 'EADDRNOTAVAIL', 'ENOTFOUND', 'EAI_AGAIN')
          ? `This machine has no address ${host}. Choose another with --${OPTIONS.host.flag} or ${OPTIONS.host.variable}.`
          : undefined;
    throw hint === undefined ? error : new ConfigError(hint, { cause: error });
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
