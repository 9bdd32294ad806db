import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Logger } from 'pino';
import { hasCode } from '../has-code.js';

/** Where the metrics are served. */
export interface MetricsListener {
  /** `undefined` as long as the port is taken. */
  readonly url: string | undefined;
  close(): Promise<void>;
}

export interface MetricsListenerOptions {
  readonly host: string;
  readonly port: number;
  /** Whether the operator has named the port: then it must be free. */
  readonly isNamed: boolean;
  readonly logger: Pick<Logger, 'info' | 'warn'>;
  /**
   * How long it waits before it tries again to take a port that was not free, in milliseconds.
   *
   * @default 30_000
   */
  readonly tryAgainMs?: number;
}

/**
 * Listens for scrapes. A port that nobody has named may be taken by another collector on this
 * machine, or by the one that this one replaces: then it is taken as soon as it is free.
 *
 * @throws What the system says, if the port is named and cannot be taken.
 */
export async function openMetricsListener(
  server: Server,
  { host, port, isNamed, logger, tryAgainMs = 30_000 }: MetricsListenerOptions,
): Promise<MetricsListener> {
  let url: string | undefined;
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;
  const listen = async (): Promise<void> => {
    server.listen({ port, host });
    await once(server, 'listening');
    url = urlOf(server.address() as AddressInfo);
    logger.info({ url }, 'metrics are served');
  };
  const tryAgain = (): void => {
    timer = setTimeout(() => {
      listen().then(
        () => isClosed && server.close(),
        () => !isClosed && tryAgain(),
      );
    }, tryAgainMs).unref();
  };
  try {
    await listen();
  } catch (error) {
    if (isNamed || !hasCode(error, 'EADDRINUSE', 'EACCES')) throw error;
    logger.warn(
      { port },
      'the port of metrics is not free: /metrics is on the main port alone, with a token. ' +
        'Name another with --metrics-port, or none with --no-metrics',
    );
    tryAgain();
  }
  return {
    get url() {
      return url;
    },
    close: async () => {
      isClosed = true;
      clearTimeout(timer);
      if (!server.listening) return;
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

const urlOf = ({ address, family, port }: AddressInfo): string =>
  `http://${family === 'IPv6' ? `[${address}]` : address}:${port}/metrics`;
