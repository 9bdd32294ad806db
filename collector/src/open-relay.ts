import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import type { Logger } from 'pino';
import { closeServer } from './close-server.js';
import { ConfigError } from './config.js';
import { nameOption } from './config-options.js';
import { DEFAULTS } from './collector-options.js';
import { dataFolder, lockDataFolder, prepareDataFolder } from './data-folder.js';
import { createDataProbe } from './health/data-probe.js';
import { createProbes } from './health/probes.js';
import { watchFolder } from './health/watch-folder.js';
import { createClockGuard } from './intake/clock-guard.js';
import { attachLogFiles } from './attach-log-files.js';
import { createFailureLog } from './logs/failure-log.js';
import type { LogSource } from './logs/log-sources.js';
import type { LogTee } from './logs/log-tee.js';
import { createMetricsServer } from './metrics/metrics-server.js';
import { createTally } from './metrics/tally.js';
import { rememberFolder } from './opened-folder.js';
import { openNamedFiles } from './open-named-files.js';
import { createOpenedParts } from './opened-parts.js';
import { startForwarder } from './relay/forwarder.js';
import type { RelayFigures } from './relay/examine-forwarding.js';
import { createLoopWatch } from './relay/loop-watch.js';
import { openHost } from './host/open-host.js';
import { watchRelay } from './relay/watch-relay.js';
import { createRelayMetrics } from './relay/relay-metrics.js';
import { openRelayQueue } from './relay/relay-queue.js';
import { RELAY_TIMES, type RelayTimes } from './relay/relay-times.js';
import { createReportTaker } from './relay/take-reports.js';
import { openUpstream } from './relay/upstream.js';
import { buildRelayApp } from './relay-app.js';
import { RELAY_DATA, type RelayConfig } from './relay-options.js';
import { repeatAfter } from './repeat-after.js';
import type { Running } from './run-server.js';

/** The options of a relay. */
export interface RelayParts extends RelayConfig {
  readonly logger: Logger;
  /** Where {@link logger} writes to, so that the log is also kept in files. @default none */
  readonly logTee?: LogTee | undefined;
  /** @default the system's clock */
  readonly now?: () => Date;
  /** Milliseconds of a monotonic clock. @default performance.now */
  readonly monotonicMs?: () => number;
  /** @default RELAY_TIMES */
  readonly times?: RelayTimes;
}

/** How often room is given back to the disk, in milliseconds, and how long that may take. */
const GIVE_BACK_EVERY_MS = 60_000;
const GIVE_BACK_MS = 200;

/** Opens the parts of a relay in the order of their dependencies. */
export async function openRelay(options: RelayParts): Promise<Running> {
  const { logger: root, logTee, times = RELAY_TIMES } = options;
  const { now = DEFAULTS.now, monotonicMs = DEFAULTS.monotonicMs, ...config } = options;
  const folder = dataFolder(config.data);
  const logOf = (source: LogSource): Logger => root.child({ source });
  const opened = createOpenedParts();
  const { keep } = opened;

  try {
    const { certificate } = await openNamedFiles({ ...DEFAULTS, ...config, logOf, now, keep });
    refuseFolderOfCollector(folder.counts, folder.path);
    const open = prepareDataFolder(folder);
    if (open.length > 0) {
      logOf('start').warn(
        { paths: open },
        'other users may read these: give them to the relay’s user',
      );
    }
    keep(lockDataFolder(folder));
    const opening = rememberFolder(folder.path);
    const queue = keep(
      await openRelayQueue({
        path: folder.relay,
        openedAt: now().getTime(),
        maxBytes: config.journalBytesLimit,
        maxReports: DEFAULTS.maxQueuedReports,
        maxCharacters: DEFAULTS.maxQueuedCharacters,
      }),
    );
    const { journal } = queue;
    await journal.forgetLostLog();
    const openedFolder = rememberFolder(folder.path, folder.relay, `${folder.relay}-wal`);
    const failures = keep(createFailureLog({ logger: logOf('relay'), now }));
    // Of this process alone: when --to has been mended, reports may come back that waited elsewhere.
    const instance = randomBytes(12).toString('base64url');
    const loop = createLoopWatch({ instance, now, logger: logOf('relay') });
    const upstream = openUpstream(config.to, times.answerMs, instance);
    const forwarder = keep(
      startForwarder({
        ...{ queue, upstream, times, now, monotonicMs, failures, logger: logOf('relay') },
        loop,
        random: Math.random,
      }),
    );
    journal.onCommitted(() => forwarder.wake());
    const folderWatch = keep(
      watchFolder({
        folder: openedFolder,
        everyMs: DEFAULTS.checkFolderEveryMs,
        onChange: () => logOf('health').error('the data folder has changed: it is gone, or back'),
      }),
    );
    const giveBack = async (): Promise<void> => {
      if (queue.waiting > 0) return;
      await journal
        .giveBack(GIVE_BACK_MS)
        .catch((error: unknown) => failures.failed(error, 'no room is given back to the disk'));
    };
    keep({ close: repeatAfter(giveBack, GIVE_BACK_EVERY_MS) });
    const clock = createClockGuard({
      ...{ now, monotonicMs, maxJumpMs: DEFAULTS.maxClockJumpMs, newest: null },
    });
    const rejected = createTally();
    const onRejected = (code: string): void => rejected.add({ code });
    let accepted = 0;
    const figures = (): RelayFigures => ({
      ...forwarder.figures,
      trouble: loop.trouble ?? forwarder.figures.trouble,
      waiting: queue.waiting,
      oldestAt: queue.oldestAt(),
      journalBytes: queue.bytes,
      maxJournalBytes: config.journalBytesLimit,
    });
    const probes = createProbes({
      journal,
      store: { probe: () => Promise.resolve() },
      probeData: createDataProbe(folder.path, openedFolder),
      roomBytes: () => statfs(folder.path).then(({ bavail, bsize }) => bavail * bsize),
    });
    const health = keep(
      watchRelay({
        ...{ probes, figures, clock, certificate, now, logger: logOf('health') },
        host: openHost(folder.path, monotonicMs),
        maxClockJumpMs: DEFAULTS.maxClockJumpMs,
        everyMs: DEFAULTS.checkHealthEveryMs,
      }),
    );
    const metrics = createRelayMetrics({
      ...{ figures, health, now, accepted: () => accepted, rejected: () => rejected.samples() },
    });
    const app = await buildRelayApp({
      ...{ config, certificate, queue, forwarder, upstream, folderWatch, clock, metrics, figures },
      ...{ probes, health, loop },
      ...{ onRejected, now, monotonicMs },
      taker: createReportTaker({
        ...{ journal, clock, onRejected },
        onAccepted: (reports) => void (accepted += reports),
      }),
      logger: logOf('server'),
      requestLogger: logOf('requests'),
    });
    const { timezone: zone, logBytesLimit: maxBytes } = config;
    attachLogFiles(
      logTee,
      { folder: folder.logs, zone, maxBytes, now, monotonicMs },
      opened.keepLongest,
    );
    return {
      app,
      createMetricsServer: (networks) =>
        createMetricsServer({ metrics, networks, monotonicMs, tokens: { find: () => undefined } }),
      ...{ certificate, folder: opening },
      died: journal.died,
      close: async () => {
        await closeServer(app);
        await opened.close();
      },
    };
  } catch (error) {
    await opened.close();
    throw error;
  }
}

/** @throws `ConfigError`: a relay's folder and a collector's must not be mixed up. */
function refuseFolderOfCollector(counts: string, path: string): void {
  if (!existsSync(counts)) return;
  throw new ConfigError(
    `${path} is the data folder of a collector. Choose another one with ${nameOption(RELAY_DATA)}.`,
  );
}
