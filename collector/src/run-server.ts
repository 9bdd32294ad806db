import type { Logger } from 'pino';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { dirname } from 'node:path';
import { leaveAddress, leaveAddressIn, loopbackUrl } from './address-file.js';
import type { Collector } from './collector.js';
import type { Config } from './config.js';
import { OPTIONS } from './config-options.js';
import { dataFolder } from './data-folder.js';
import { errorMessage } from './error-message.js';
import { type LogTee, openLogTee } from './logs/log-tee.js';
import { type MetricsListener, openMetricsListener } from './metrics/metrics-listener.js';
import type { LogSource } from './logs/log-sources.js';
import { createLogger, describeError } from './logs/logger.js';
import type { DroppedLines, Output } from './logs/output.js';
import { explainListenError, explainOpenError } from './start-error.js';
import { ThreadDiedError } from './threads/open-thread.js';
import { watchStop } from './watch-stop.js';

/** What runs as a server: a collector, or a relay. */
export type Running = Pick<
  Collector,
  'app' | 'createMetricsServer' | 'certificate' | 'folder' | 'died' | 'close'
>;

export type ServerConfig = Pick<
  Config,
  'port' | 'host' | 'data' | 'logLevel' | 'announce' | `metrics${'' | 'Host' | 'Port' | 'Networks'}`
>;

/** What every server gets when it is opened. */
export interface ServerParts {
  readonly logger: Logger;
  readonly logTee: LogTee;
  readonly droppedLines: () => DroppedLines | undefined;
}

export interface RunOptions {
  /** By which it is announced. */
  readonly name: string;
  /** Where the log goes. */
  readonly log: Pick<Output, 'write' | 'dropped'>;
  /** Prints a line for people. */
  readonly announce: (line: string) => void;
  /** Whether these lines go to a terminal. */
  readonly isTerminal: boolean;
  readonly open: (parts: ServerParts) => Promise<Running>;
}

/**
 * Runs a server until SIGTERM or SIGINT, or until one of its threads dies. While it ends, a second
 * signal ends the process at once.
 *
 * @throws `ConfigError` where another configuration would help; `ThreadDiedError`, once everything
 * else is closed: what is on disk is whole, and a new process goes on with it.
 */
export async function runServer(
  config: ServerConfig,
  { name, log, announce, isTerminal, open }: RunOptions,
): Promise<void> {
  const logTee = openLogTee(log);
  const root = createLogger(config.logLevel, logTee);
  const logger = root.child({ source: 'server' satisfies LogSource });
  // Before the folder is opened, since its error would hide that the port is in use.
  await tryAddress(config);
  const running = await open({
    logger: root,
    logTee,
    droppedLines: () => logTee.dropped,
  }).catch((error: unknown) => {
    throw explainOpenError(error, config);
  });
  // Only now: a handler cannot interrupt a migration, and without one a signal ends the process at
  // once. The data on disk is consistent at every moment.
  const stop = watchStop();
  let left: LeftAddress = {};
  // What rotates the files of the log from outside says so by this signal.
  const reopenFiles = (): void => logTee.files?.reopen();
  process.on('SIGUSR2', reopenFiles);
  // As a service there is no terminal that can hang up, and rotating programs send this by custom.
  if (!isTerminal) process.on('SIGHUP', reopenFiles);
  let metrics: MetricsListener | undefined;
  try {
    const url = await listen(running, config);
    logger.info('listening');
    metrics = await listenForScrapes(running, config, logger);
    // Before the announcement: from then on, programs on this machine find the collector.
    const { path, address } = dataFolder(config.data);
    left = leaveAddressOf({ ...running, logger }, config, address);
    announce(`${name} listens on ${url} and keeps its data in ${path}`);
    if (left.warning !== undefined) announce(`headcount-collector: ${left.warning}`);
    const end = await Promise.race([stop.told, running.died]);
    if (end instanceof ThreadDiedError) {
      logger.fatal({ error: describeError(end.cause) }, end.message);
      throw end;
    }
    logger.info('closing');
  } finally {
    left.remove?.();
    await metrics?.close();
    await running.close();
    stop.end();
    process.off('SIGUSR2', reopenFiles);
    process.off('SIGHUP', reopenFiles);
  }
}

interface LeftAddress {
  readonly remove?: (() => void) | undefined;
  readonly warning?: string;
}

/**
 * Leaves the address in the data folder for the collector's own commands and, if it is to be
 * announced, for programs on this machine. A failure is only a warning.
 */
function leaveAddressOf(
  { app, certificate, folder, logger }: Running & Pick<ServerParts, 'logger'>,
  config: ServerConfig,
  path: string,
): LeftAddress {
  const address = app.server.address();
  if (address === null || typeof address === 'string') return {};
  const url = loopbackUrl(address, certificate === undefined ? 'http' : 'https');
  if (url === undefined) return {};
  const now = new Date();
  const removeOwn = leaveAddressIn(path, url, now, certificate?.pair.fingerprint);
  certificate?.onRenewal(() => {
    try {
      folder.checkNow();
      leaveAddressIn(path, url, now, certificate.pair.fingerprint);
    } catch (error) {
      logger.warn(
        { error: describeError(error) },
        'commands on this machine do not know the new certificate',
      );
    }
  });
  if (!config.announce) return { remove: removeOwn };
  try {
    const removeAnnounced = leaveAddress(url, now, dirname(path));
    const { port } = address;
    return {
      ...(certificate !== undefined && {
        warning:
          'programs on this machine do not look for TLS: set HEADCOUNT_ENDPOINT=https://<a name in ' +
          `its certificate>:${port} for them, or start it with --no-announce.`,
      }),
      remove: () => {
        removeOwn();
        removeAnnounced?.();
      },
    };
  } catch (error) {
    return {
      remove: removeOwn,
      warning:
        `programs on this machine will not find it by themselves: ${errorMessage(error)} ` +
        `Set HEADCOUNT_ENDPOINT=${url} for them, or start it with --no-announce.`,
    };
  }
}

async function tryAddress(config: ServerConfig): Promise<void> {
  const { port, host } = config;
  const server = createServer();
  try {
    server.listen({ port, host });
    await once(server, 'listening');
  } catch (error) {
    throw explainListenError(error, config);
  }
  server.close();
  await once(server, 'close');
}

async function listen({ app, certificate }: Running, config: ServerConfig): Promise<string> {
  try {
    const url = await app.listen({ port: config.port, host: config.host });
    // Fastify does not know that its server speaks TLS.
    return certificate === undefined ? url : url.replace(/^http:/, 'https:');
  } catch (error) {
    throw explainListenError(error, config);
  }
}

/** The port of scrapes, where none is named. */
const METRICS_PORT = 9881;

async function listenForScrapes(
  { createMetricsServer }: Running,
  config: ServerConfig,
  logger: Logger,
): Promise<MetricsListener | undefined> {
  const { metrics, metricsHost: host, metricsPort, metricsNetworks } = config;
  if (!metrics) return undefined;
  const isNamed = metricsPort !== undefined;
  const port = metricsPort ?? (config.port === 0 ? 0 : METRICS_PORT);
  try {
    const server = createMetricsServer(metricsNetworks);
    return await openMetricsListener(server, { host, port, isNamed, logger });
  } catch (error) {
    throw explainListenError(error, { port, host }, METRICS_OPTIONS);
  }
}

const METRICS_OPTIONS = { port: OPTIONS.metricsPort, host: OPTIONS.metricsHost };
