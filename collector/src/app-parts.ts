import type { Logger } from 'pino';
import type { Audit } from './access/audit.js';
import type { Sessions } from './access/sessions.js';
import type { Tokens } from './access/tokens.js';
import type { ProxyWatch } from './access/proxy-watch.js';
import type { Projects } from './access/projects.js';
import type { App } from './app-types.js';
import type { AccessConfig } from './config.js';
import type { Countries } from './country/open-countries.js';
import type { Counting } from './counting/counting.js';
import type { Asker } from './dashboard/page-session.js';
import type { Probes } from './health/probes.js';
import type { Health } from './health/watch-health.js';
import type { FolderWatch } from './health/watch-folder.js';
import type { ErasureKeeper } from './erasures/erasure-keeper.js';
import type { ClockGuard } from './intake/clock-guard.js';
import type { Refusals } from './intake/refusals.js';
import type { JobRunner } from './jobs/job-runner.js';
import type { Journal } from './journal/journal.js';
import type { AccessLog } from './logs/logger.js';
import type { LogTee } from './logs/log-tee.js';
import type { LineCount } from './logs/line-counts.js';
import type { Events } from './metrics/events.js';
import type { Metrics } from './metrics/metrics.js';
import type { HttpTimes } from './performance/http-times.js';
import type { Durability } from './rules/durability.js';
import type { Retention } from './rules/retention-classes.js';
import type { CellsFiles } from './stats/cells-files.js';
import type { Nodes } from './store/shared-store.js';
import type { ListenerLimits } from './stats/listener-slots.js';
import type { QuestionDesk } from './stats/question-desk.js';
import type { ReaderOperations } from './store/store.js';
import type { Certificate } from './tls/open-certificate.js';

/** The parts of the collector that routes use. */
export interface AppParts extends ListenerLimits {
  readonly journal: Pick<Journal, 'append' | 'epoch' | 'waitingReports'>;
  readonly erasures: Pick<ErasureKeeper, 'keep'>;
  readonly health: Pick<Health, 'look'>;
  readonly folderWatch: Pick<FolderWatch, 'requireFolder'>;
  readonly probes: Pick<Probes, 'journal' | 'data'>;
  readonly proxyWatch: Pick<ProxyWatch, 'observe'>;
  /** The lines of the log since the start. */
  readonly logLines: () => readonly LineCount[];
  readonly counting: Pick<
    Counting,
    | 'allCounted'
    | 'backlog'
    | 'caughtUp'
    | 'isCounted'
    | 'lose'
    | 'onCounted'
    | 'replica'
    | 'speed'
    | 'version'
    | 'behindSince'
    | 'failure'
    | 'isAlive'
  >;
  readonly store: ReaderOperations;
  readonly desk: Pick<QuestionDesk, 'answer' | 'makeCells' | 'openSnapshot' | 'performance'>;
  /** What the public was shown. */
  readonly cellsFiles: CellsFiles;
  readonly nodes: Pick<Nodes, 'forget' | 'gone' | 'up'>;
  /** The path below which a proxy offers the collector. */
  readonly basePath: string;
  /** The key of user hashes. */
  readonly pepper: Uint8Array;
  readonly projects: Projects;
  /** The projects of which reports have been counted before. */
  readonly countedProjects: readonly string[];
  /** Called when the first report of any other project is acknowledged. */
  readonly onFirstReport: (project: string) => void;
  readonly refusals: Refusals;
  readonly limits: Omit<AccessConfig, 'projects' | 'visibility'>;
  /** The table of countries, if one is named. */
  readonly countries: Pick<Countries, 'countryOf'> | undefined;
  /** With which the server speaks TLS; `undefined` without. */
  readonly certificate: Certificate | undefined;
  readonly tokens: Tokens;
  readonly sessions: Sessions;
  readonly audit: Audit;
  readonly jobs: Pick<JobRunner, 'runNow' | 'states'>;
  readonly retention: Retention;
  readonly events: Events;
  readonly times: HttpTimes;
  /** Since when the collector runs. */
  readonly listeningSince: Date;
  /** The paths of the databases. */
  readonly databases: readonly string[];
  readonly maxJournalBytes: number;
  /** Where a report is when it is acknowledged. */
  readonly durability: Durability;
  /** When deletions of people are acknowledged. */
  readonly deletionDurability: Durability;
  /** Reports that may wait to be acknowledged. */
  readonly maxQueuedReports: number;
  /** How long they may wait for the store, in milliseconds. */
  readonly storeWaitMs: number;
  readonly logger: Logger;
  readonly requestLogger: Logger;
  readonly accessLog: AccessLog;
  readonly logTee: LogTee | undefined;
  /** The wall clock, for questions. */
  readonly now: () => Date;
  /** The wall clock, for moments that are stored. */
  readonly clock: ClockGuard;
  /** Milliseconds of a monotonic clock, for rates. */
  readonly monotonicMs: () => number;
}

/** The server, and the metrics that it also has. */
export interface BuiltApp {
  readonly app: App;
  readonly metrics: Metrics;
  /** Asks for pages, as their callers. */
  readonly asker: Asker;
}
