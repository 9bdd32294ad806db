import { once } from 'node:events';
import { Writable } from 'node:stream';
import type { Logger } from 'pino';
import type { CollectorOptions } from '../../../src/collector-options.js';
import { createLogger } from '../../../src/logs/logger.js';
import { openLogTee } from '../../../src/logs/log-tee.js';
import { NOTICE_TIMES } from '../../../src/notices/notice-times.js';
import { startCollector, type TestCollector } from '../../support/start-collector.js';
import { type AtEnd, temporaryFolder } from '../../support/temporary-folder.js';

/** Where a scene is played: what is shared with the others, and what is its own. */
export interface Stage {
  /** The port that Prometheus scrapes. */
  readonly port: number;
  /** The webhook that is to get the alerts. */
  readonly webhook: string;
  readonly atEnd: AtEnd;
}

/** A collector to which something happens. */
export interface Scene {
  /** Asks with the administrator's token. */
  ask(path: string): Promise<{ readonly status: number; readonly body: Record<string, unknown> }>;
  /** What it has logged, also before it was started again. */
  log(): string;
  /** Breaks what its conditions are about. */
  provoke(): Promise<void>;
  /** Puts it right. */
  mend(): Promise<void>;
}

/** As in production, but without the pauses. */
export const NOTICES_AT_ONCE = {
  ...NOTICE_TIMES,
  ...{ gatherMs: 5, restMs: 5, firstRetryMs: 200, longestRetryMs: 400, settleMs: 0 },
};

/** Days and hours that no test can wait for are skipped on the clocks; all else is real. */
export interface Clocks {
  /** How far the wall clock is moved, in milliseconds. */
  wallMs: number;
  /** How far the monotonic clock is moved, in milliseconds. */
  monotonicMs: number;
}

export interface StagedCollector extends Pick<Scene, 'ask' | 'log'> {
  readonly collector: TestCollector;
  readonly clocks: Clocks;
  /** Writes to the collector's log. */
  readonly logger: Logger;
  stop(): Promise<void>;
}

/** Starts a collector in this process, with its metrics where Prometheus scrapes them. */
export async function startOnStage(
  { port, webhook, atEnd }: Stage,
  options: Partial<CollectorOptions> = {},
  clocks: Clocks = { wallMs: 0, monotonicMs: 0 },
): Promise<StagedCollector> {
  let log = '';
  const sink = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      log += chunk.toString();
      done();
    },
  });
  const now = (): Date => new Date(Date.now() + clocks.wallMs);
  const monotonicMs = (): number => performance.now() + clocks.monotonicMs;
  const logTee = openLogTee(sink, monotonicMs);
  const logger = createLogger('info', logTee, now);
  const collector = await startCollector(
    {
      ...{ now, monotonicMs, logTee, logger },
      droppedLines: () => logTee.dropped,
      checkHealthEveryMs: 200,
      ...{ alertWebhook: [webhook], noticeTimes: NOTICES_AT_ONCE },
      data: options.data ?? temporaryFolder(atEnd),
      ...options,
    },
    atEnd,
  );
  const server = collector.createMetricsServer([]).listen(port, '127.0.0.1');
  await once(server, 'listening');
  const stop = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
    await collector.close();
  };
  atEnd(() => void server.closeAllConnections());
  atEnd(() => void server.close());
  return { ask: (path) => collector.get(path), log: () => log, collector, clocks, logger, stop };
}
