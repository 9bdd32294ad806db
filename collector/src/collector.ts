import { statfs } from 'node:fs/promises';
import type { Server } from 'node:http';
import { hostname } from 'node:os';
import type { Logger } from 'pino';
import { createProxyWatch } from './access/proxy-watch.js';
import { openProjects } from './access/projects.js';
import type { App } from './app-types.js';
import { buildApp } from './app.js';
import { readLastBackups } from './backup/last-backups.js';
import { closeCollector } from './close-collector.js';
import { type CollectorOptions, DEFAULTS } from './collector-options.js';
import { openCounting } from './counting/counting.js';
import type { Repair } from './counting/reconcile.js';
import { databaseFilesOf, dataFolder } from './data-folder.js';
import type { Asker } from './dashboard/page-session.js';
import { createClockGuard } from './intake/clock-guard.js';
import { createRefusals } from './intake/refusals.js';
import { createCollectorJobs } from './collector-jobs.js';
import { openJobRecords } from './jobs/job-records.js';
import { type JobRunner, startJobs } from './jobs/job-runner.js';
import { openJournal } from './journal/journal.js';
import { attachLogFiles } from './attach-log-files.js';
import { createFailureLog } from './logs/failure-log.js';
import type { LogSource } from './logs/log-sources.js';
import { openErasureKeeper } from './erasures/erasure-keeper.js';
import { createEvents } from './metrics/events.js';
import { createMetricsServer } from './metrics/metrics-server.js';
import { createHttpTimes } from './performance/http-times.js';
import { startSampler } from './performance/sampler.js';
import { TOMBSTONE_DAYS } from './rules/limits.js';
import { createLossesWatch } from './health/find-losses.js';
import { createDataProbe } from './health/data-probe.js';
import { examineCertificate } from './health/examine-certificate.js';
import { createProbes } from './health/probes.js';
import { watchFolder } from './health/watch-folder.js';
import { type OpenedFolder, rememberFolder } from './opened-folder.js';
import { createOpenedParts } from './opened-parts.js';
import { examineCache } from './health/examine-cache.js';
import { examineReplica } from './health/examine-replica.js';
import { examineErrors } from './health/examine-errors.js';
import { watchBackups } from './health/watch-backups.js';
import { watchHealth } from './health/watch-health.js';
import { openHost } from './host/open-host.js';
import { openAccess } from './open-access.js';
import { openDataFolder } from './open-data-folder.js';
import { openNamedFiles } from './open-named-files.js';
import { openOutgoing } from './open-outgoing.js';
import { watchFullPlaces } from './stats/full-places-watch.js';
import { openQuestions } from './open-questions.js';
import { watchSilence } from './stats/silence-watch.js';
import { watchUnusual } from './stats/unusual-watch.js';
import { placeOf } from './store/counts-place.js';
import type { ReaderOperations } from './store/store.js';
import type { Certificate } from './tls/open-certificate.js';
import type { ThreadDiedError } from './threads/open-thread.js';
import { tellReplica } from './tell-replica.js';

/** A collector with all parts, which does not listen yet. */
export interface Collector {
  readonly app: App;
  /** Makes the server that has the metrics alone, which does not listen yet. */
  readonly createMetricsServer: (networks: readonly string[]) => Server;
  /** Asks its own routes, as the callers of pages. */
  readonly asker: Asker;
  /** For questions that have no route yet. */
  readonly store: ReaderOperations;
  /** What it does now and then beside taking reports. */
  readonly jobs: JobRunner;
  /** With which it speaks TLS; `undefined` without. */
  readonly certificate: Certificate | undefined;
  /** The data folder, as it was opened. */
  readonly folder: OpenedFolder;
  /**
   * Resolves when one of the threads has died. `GET /health` answers 503 from then on. Close the
   * collector and start a new one.
   */
  readonly died: Promise<ThreadDiedError>;
  /**
   * Refuses new requests, finishes those in flight, counts the reports on disk, and ends every
   * thread. Reports that cannot be counted in time are counted after the next start. A store that does
   * not answer can leave threads behind, which end with the process.
   */
  close(): Promise<void>;
}

/** The share of the journal that entries may take which are kept although they are counted. */
const KEPT_SHARE = 0.5;

/**
 * How long a start waits until earlier reports are counted, if they decide which projects exist. In
 * milliseconds.
 */
const COUNT_BEFORE_OPEN_MS = 30_000;

/** Opens the parts in the order of their dependencies. */
export async function openCollector(options: CollectorOptions): Promise<Collector> {
  const all = { ...DEFAULTS, ...options };
  const {
    data,
    logger: root,
    logTee,
    timezone,
    now,
    onProgress,
    onFirstReport,
    onFirstToken,
    ...limits
  } = all;
  const folder = dataFolder(data);
  const counts = placeOf(folder, limits);
  const logOf = (source: LogSource): Logger => root.child({ source });
  const logger = logOf('start');

  const parts = createOpenedParts();
  const { keep } = parts;

  try {
    // Before the data: a certificate or a table that cannot be used leaves the folder as it is.
    const { certificate, countries } = await openNamedFiles({ ...limits, logOf, now, keep });
    const opened = await openDataFolder({ folder, counts, logger, now, onProgress, keep });
    const { pepper, pepperId, knownJournal, lastDeletionAt, opening } = opened;
    const checkFolder = (): Promise<void> => opening.check();
    const { settings, tokens, sessions } = await openAccess({
      ...limits,
      ...{ folder, counts, checkFolder, onFirstToken, now, logOf, keep },
    });
    const { nodes, runs } = settings;
    const journal = keep(
      await openJournal({
        path: folder.journal,
        openedAt: now().getTime(),
        pepperId,
        maxBytes: limits.maxJournalBytes,
        maxReports: limits.maxQueuedReports,
        maxCharacters: limits.maxQueuedCharacters,
      }),
    );
    const erasures = keep(
      await openErasureKeeper({
        dataFolder: folder.path,
        foldersPath: folder.backupFolders,
        backupFolder: limits.backupDir,
        ...{ pepperId, lastDeletionAt, now, logger: logOf('backup') },
        checkDataFolder: checkFolder,
      }),
    );
    const tellRepair = ({ message, ...repair }: Repair): void => logger.warn(repair, message);
    const countingLogger = logOf('counting');
    const countingFailures = keep(createFailureLog({ logger: countingLogger, now }));
    const counting = keep(
      await openCounting({
        journal,
        pepperId,
        known: knownJournal,
        erasures: () => erasures.all(),
        journalPath: folder.journal,
        counts,
        keepCounted: {
          ms: limits.keepCountedMs,
          maxBytes: limits.maxJournalBytes * KEPT_SHARE,
        },
        kept: limits.retention,
        now,
        monotonicMs: limits.monotonicMs,
        onFailure: (error) => countingFailures.failed(error, 'counting failed'),
        onRecovery: () => countingFailures.ended('counting failed', 'counting goes on'),
        onRepair: tellRepair,
        replica: tellReplica(countingFailures, countingLogger),
      }),
    );
    // What waits for the store to be acknowledged is sent again.
    if (limits.durability === 'journal')
      nodes.tellBacklog(() => ({
        ...{ journal: counting.node, host: hostname() },
        ...{ reports: counting.backlog, since: counting.behindSince },
      }));
    await journal.forgetLostLog();
    opened.markBegun();
    const openedFolder = rememberFolder(...[folder.path, ...databaseFilesOf(folder)]);
    for (const repair of counting.repairs) tellRepair(repair);
    const events = createEvents();
    const times = createHttpTimes();
    const questions = await openQuestions({
      ...{ counts, node: counting.node, performancePath: folder.performance, pepper },
      ...{ cache: limits.cache, waitMs: limits.cacheWaitMs, circumstances: [limits.k, timezone] },
      ...{ events, keep, now, monotonicMs: limits.monotonicMs, logger: logOf('counts') },
    });
    const { desk, store } = questions;
    // A project exists if its first reports are on disk and not counted yet.
    if (limits.projects === 'closed') await counting.caughtUp(COUNT_BEFORE_OPEN_MS);
    const projects = await openProjects({
      settings: settings.projects,
      manifests: settings.manifests,
      mode: limits.projects,
      maxProjects: limits.maxProjects,
      zone: timezone,
      visibility: limits.visibility,
      counted: async () => store.projects(),
      now,
    });
    settings.onProjectChange(() => projects.changedElsewhere());
    nodes.onCounted(() => {
      counting.countedElsewhere();
      projects.refresh().catch(() => undefined); // the next notice tries again
    });
    counting.onCounted((by) => {
      if (by === 'this-node') nodes.tellCounted();
    });
    const { changedAt } = await store.summary({ project: null, day: 0 });
    const clock = createClockGuard({
      now,
      newest: changedAt === null ? null : new Date(changedAt),
      monotonicMs: limits.monotonicMs,
      maxJumpMs: limits.maxClockJumpMs,
      leadOnStoreMs: () => nodes.clockLeadMs,
    });
    const fullPlaces = keep(
      watchFullPlaces({
        ...{ counting, store, logger: logOf('counts') },
        lookEveryMs: limits.checkJobsEveryMs,
      }),
    );
    const listeningSince = now();
    const silence = keep(
      watchSilence({
        ...{ counting, projects, store, desk, listeningSince, logger: logOf('counts') },
        everyMs: limits.checkJobsEveryMs,
      }),
    );
    const unusual = keep(watchUnusual({ counting, projects, store, now, logger: logOf('counts') }));
    const folderWatch = keep(
      watchFolder({
        folder: openedFolder,
        everyMs: limits.checkFolderEveryMs,
        // At once, for the log and for alerts.
        onChange: () => void health.look(),
      }),
    );
    const jobs = keep(
      startJobs({
        jobs: createCollectorJobs({
          ...{ journal, counting, store, projects, performance: desk.performance },
          ...{ retention: limits.retention, folder: folder.path, isLeader: () => nodes.isLeader },
          ...{ runs, isShared: counts.kind !== 'sqlite' },
          backup: {
            backupFolder: limits.backupDir,
            everyMs: limits.backupEveryMs,
            keep: limits.backupKeep,
            erasuresDays: limits.retention.tombstones ?? TOMBSTONE_DAYS,
            keeper: erasures,
          },
          performanceLogger: logOf('performance'),
        }),
        records: openJobRecords(folder.jobs, checkFolder),
        now: () => clock.likely(),
        mayBegin: () => clock.aheadMs() === 0 && !folderWatch.isLost,
        isLeader: () => nodes.isLeader,
        logger: logOf('jobs'),
        checkEveryMs: Math.min(limits.checkJobsEveryMs, limits.backupEveryMs),
      }),
    );
    const refusals = events.watchRefusals(
      createRefusals({ journal, projects, now: () => clock.likely() }),
    );
    const probes = createProbes({
      journal,
      store,
      probeData: createDataProbe(folder.path, openedFolder),
      roomBytes: () => statfs(folder.path).then(({ bavail, bsize }) => bavail * bsize),
    });
    const proxyWatch = createProxyWatch({ trustedProxies: limits.trustedProxies, now });
    const host = openHost(folder.path, limits.monotonicMs);
    const health = keep(
      watchHealth({
        ...{ probes, host, counting, erasures, clock, jobs, proxyWatch, now },
        ...{ fullPlaces, unusual, silence, droppedLines: limits.droppedLines },
        maxClockJumpMs: limits.maxClockJumpMs,
        losses: createLossesWatch(store, { now, monotonicMs: limits.monotonicMs, nodes }),
        backups: watchBackups({
          erasures,
          // Those of the folder say nothing of counts that are in a store.
          readLast: async () =>
            counts.kind === 'sqlite' ? readLastBackups(folder.lastBackups) : [],
        }),
        everyMs: limits.checkHealthEveryMs,
        logger: logOf('health'),
      }),
    );
    if (logTee) health.provide('errors', () => examineErrors(logTee.rate.figures()));
    const { shared } = questions;
    if (shared) health.provide('cache', () => examineCache(shared.trouble(), now()));
    health.provide('replica', () =>
      counting.replica ? examineReplica(counting.replica, now()) : {},
    );
    if (certificate) health.provide('certificate', () => examineCertificate(certificate, now()));
    const { app, metrics, asker } = await buildApp({
      ...{
        journal,
        counting,
        store,
        desk,
        projects,
        refusals,
        pepper,
        logger: logOf('server'),
        requestLogger: logOf('requests'),
        now,
        clock,
        jobs,
        retention: limits.retention,
        cellsFiles: settings.cells,
        nodes,
      },
      ...{ erasures, health, folderWatch, probes, proxyWatch },
      ...{
        events,
        times,
        listeningSince,
        databases: opened.databases,
      },
      ...{ maxJournalBytes: limits.maxJournalBytes, maxQueuedReports: limits.maxQueuedReports },
      ...{ durability: limits.durability, storeWaitMs: limits.storeWaitMs },
      // Who was told that they are deleted must not come back where the disk of one node is lost.
      deletionDurability: counts.kind === 'sqlite' ? limits.durability : 'store',
      logLines: () => logTee?.counts.all ?? [],
      countedProjects: await store.projects(),
      onFirstReport: (project) => {
        logOf('counts').info({ project }, 'first report');
        onFirstReport?.(project);
      },
      monotonicMs: limits.monotonicMs,
      ...{ accessLog: limits.accessLog, logTee },
      maxListeners: limits.maxListeners,
      maxTokenListeners: limits.maxTokenListeners,
      maxListenersPerClient: limits.maxListenersPerClient,
      limits,
      ...{ countries, certificate },
      ...{ tokens, sessions, audit: settings.audit },
      basePath: limits.basePath,
    });
    keep(
      startSampler({
        ...{ times, logger: logOf('performance'), monotonicMs: limits.monotonicMs },
        acknowledged: () => events.samples().acknowledged[0]?.value ?? 0,
        keep: (samples) => desk.performance.keep(samples),
        now: () => clock.likely(),
        everyMs: limits.samplePerformanceEveryMs,
      }),
    );
    // The last to be opened, so that it is the first to be closed.
    keep(
      await openOutgoing({
        ...{ config: limits, path: folder.outbox, times: limits.noticeTimes, timezone },
        ...{ logger: logOf('notices'), digestLogger: logOf('digest') },
        ...{ store, counting, projects, desk, refusals, health, listeningSince, k: limits.k },
        checkFolder,
        now: () => clock.likely(),
        isClockTrusted: () => clock.aheadMs() === 0,
        isLeader: () => nodes.isLeader,
        checkEveryMs: limits.checkJobsEveryMs,
      }),
    );
    opened.markOpen();
    const { monotonicMs, logBytesLimit: maxBytes } = limits;
    attachLogFiles(
      logTee,
      { folder: folder.logs, zone: timezone, maxBytes, now, monotonicMs },
      parts.keepLongest,
    );
    return {
      app,
      createMetricsServer: (networks) =>
        createMetricsServer({ metrics, tokens, networks, monotonicMs: limits.monotonicMs }),
      ...{ store, asker },
      ...{ jobs, certificate, folder: opening },
      died: Promise.race([journal.died, counting.died, questions.died]),
      close: () =>
        closeCollector({
          ...{ app, refusals, counting, counts, parts, logger: logOf('counting') },
          ...{ drainSeconds: limits.drainSeconds, monotonicMs: limits.monotonicMs },
        }),
    };
  } catch (error) {
    await parts.close();
    throw error;
  }
}
