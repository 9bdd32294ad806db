import type { Logger } from 'pino';
import type {
  AccessConfig,
  BackupConfig,
  CountryConfig,
  LogConfig,
  StoreConfig,
  TlsConfig,
} from './config.js';
import { OPTIONS } from './config-options.js';
import type { NoticeConfig } from './notice-config.js';
import { NOTICE_DEFAULTS } from './notice-options.js';
import { NOTICE_TIMES, type NoticeTimes } from './notices/notice-times.js';
import { DAY_MS, type Zone } from './rules/day.js';
import { DEFAULT_RETENTION, type Retention } from './rules/retention-classes.js';
import type { LogTee } from './logs/log-tee.js';
import type { DroppedLines } from './logs/output.js';
import type { MigrationProgress } from './sqlite/migrate.js';

/** The options of a collector. */
export interface CollectorOptions
  extends
    Partial<AccessConfig>,
    Partial<BackupConfig>,
    Partial<CountryConfig>,
    Partial<LogConfig>,
    Partial<NoticeConfig>,
    Partial<StoreConfig>,
    Partial<TlsConfig> {
  /** The folder that everything is kept in. Created if it is missing. */
  readonly data: string;
  readonly logger: Logger;
  /**
   * The lines of the log that could not be written of late, for `GET /health`.
   *
   * @default none, ever
   */
  readonly droppedLines?: () => DroppedLines | undefined;
  /**
   * Where {@link logger} writes to, so that the log is also kept in files and can be followed.
   *
   * @default none: the routes of the log answer that there are no files
   */
  readonly logTee?: LogTee | undefined;
  /**
   * The IANA time zone of projects without a setting.
   *
   * @default 'UTC'
   */
  readonly timezone?: Zone;
  /**
   * The path below which a proxy offers the collector, such as `/headcount`.
   *
   * @default ''
   */
  readonly basePath?: string;
  /**
   * For how many days each kind of data is kept; `null` is for ever.
   *
   * @default DEFAULT_RETENTION
   */
  readonly retention?: Retention;
  /**
   * How long receivers of messages may take, and are left alone.
   *
   * @default NOTICE_TIMES
   */
  readonly noticeTimes?: NoticeTimes;
  /** @default the system's clock */
  readonly now?: () => Date;
  /**
   * Milliseconds of a monotonic clock.
   *
   * @default performance.now
   */
  readonly monotonicMs?: () => number;
  /**
   * How far {@link now} may get ahead of {@link monotonicMs} between two requests, in milliseconds.
   * Beyond it, reports and deletions are refused with 503 until {@link now} is back.
   *
   * @default 30 days
   */
  readonly maxClockJumpMs?: number;
  /**
   * How long an answer of the cache between collectors is waited for at most, in milliseconds.
   *
   * @default 100
   */
  readonly cacheWaitMs?: number;
  /**
   * How long a request waits for a commit of the store with the durability `store`, in milliseconds.
   * Beyond it, it is answered with 503.
   *
   * @default 4500, less than the 5 seconds for which closing waits, and the 10 of clients
   */
  readonly storeWaitMs?: number;
  /** Called while the schema of a database is changed, which can take minutes. */
  readonly onProgress?: ((progress: MigrationProgress) => void) | undefined;
  /** Called with the first administrator's token and its file, at the start that makes it. */
  readonly onFirstToken?: ((token: string, file: string) => void) | undefined;
  /** Called once for each project when its first report is acknowledged. */
  readonly onFirstReport?: ((project: string) => void) | undefined;
  /**
   * The largest size of the journal, in bytes; beyond it reports are refused with 507.
   *
   * @default 1 GiB
   */
  readonly maxJournalBytes?: number;
  /**
   * Reports that may be queued for a commit of the journal, and with the durability `store` for one of
   * the store. Further ones are refused with 503.
   *
   * @default 20_000
   */
  readonly maxQueuedReports?: number;
  /**
   * Characters that may be queued for a commit. Further reports are refused with 503.
   *
   * @default 16 Mi
   */
  readonly maxQueuedCharacters?: number;
  /**
   * Open streams of `GET /v1/stats/live` without a token. Further ones are refused with 503.
   *
   * @default 100
   */
  readonly maxListeners?: number;
  /**
   * The same with a token.
   *
   * @default 20
   */
  readonly maxTokenListeners?: number;
  /**
   * Open streams of one client. Further ones are refused with 429. Requests from this machine are
   * not limited.
   *
   * @default 10
   */
  readonly maxListenersPerClient?: number;
  /**
   * How often the collector looks for jobs that are due, in milliseconds.
   *
   * @default 60_000
   */
  readonly checkJobsEveryMs?: number;
  /**
   * How often the performance is sampled, in milliseconds.
   *
   * @default 60_000
   */
  readonly samplePerformanceEveryMs?: number;
  /**
   * How often the collector looks for what is wrong with it, in milliseconds.
   *
   * @default 15_000
   */
  readonly checkHealthEveryMs?: number;
  /**
   * How often the collector looks whether the data folder still is the one that it opened, in
   * milliseconds. What is acknowledged from its removal to the next look can be lost.
   *
   * @default 1000
   */
  readonly checkFolderEveryMs?: number;
  /**
   * How often the collector looks whether the table of countries has changed, in milliseconds.
   *
   * @default 60_000
   */
  readonly checkCountryTableEveryMs?: number;
  /**
   * How often the collector looks whether the certificate or its key has changed, in milliseconds.
   *
   * @default 5000
   */
  readonly checkTlsEveryMs?: number;
  /**
   * How often a collector that shares a store tells the others that it is up, and looks at what they
   * have changed without having told, in milliseconds.
   *
   * @default 10_000
   */
  readonly checkNodesEveryMs?: number;
}

/** The defaults of options. */
export const DEFAULTS = {
  projects: OPTIONS.projects.fallback,
  maxProjects: OPTIONS.maxProjects.fallback,
  visibility: OPTIONS.visibility.fallback,
  k: OPTIONS.k.fallback,
  adminToken: OPTIONS.adminToken.fallback,
  trustedProxies: OPTIONS.trustedProxies.fallback,
  hosts: OPTIONS.hosts.fallback,
  keepAliveMs: OPTIONS.keepAliveMs.fallback,
  corsOrigins: OPTIONS.corsOrigins.fallback,
  basePath: OPTIONS.basePath.fallback,
  rateLimit: OPTIONS.rateLimit.fallback,
  keyRateLimit: OPTIONS.keyRateLimit.fallback,
  bytesLimit: OPTIONS.bytesLimit.fallback,
  newIdsLimit: OPTIONS.newIdsLimit.fallback,
  newProjectsLimit: OPTIONS.newProjectsLimit.fallback,
  newValuesLimit: OPTIONS.newValuesLimit.fallback,
  projectRateLimit: OPTIONS.projectRateLimit.fallback,
  projectBytesLimit: OPTIONS.projectBytesLimit.fallback,
  projectNewIdsLimit: OPTIONS.projectNewIdsLimit.fallback,
  statsRateLimit: OPTIONS.statsRateLimit.fallback,
  store: OPTIONS.store.fallback,
  readStore: OPTIONS.readStore.fallback,
  keepCountedMs: OPTIONS.keepCountedMs.fallback,
  cache: OPTIONS.cache.fallback,
  durability: OPTIONS.durability.fallback,
  drainSeconds: OPTIONS.drainSeconds.fallback,
  backupDir: OPTIONS.backupDir.fallback,
  backupEveryMs: OPTIONS.backupEveryMs.fallback,
  backupKeep: OPTIONS.backupKeep.fallback,
  countryTable: OPTIONS.countryTable.fallback,
  tlsCert: OPTIONS.tlsCert.fallback,
  tlsKey: OPTIONS.tlsKey.fallback,
  accessLog: OPTIONS.accessLog.fallback,
  logBytesLimit: OPTIONS.logBytesLimit.fallback,
  logTee: undefined,
  ...NOTICE_DEFAULTS,
  noticeTimes: NOTICE_TIMES,
  timezone: OPTIONS.timezone.fallback,
  retention: DEFAULT_RETENTION,
  now: () => new Date(),
  monotonicMs: () => performance.now(),
  maxClockJumpMs: 30 * DAY_MS,
  onProgress: undefined,
  onFirstReport: undefined,
  droppedLines: () => undefined,
  onFirstToken: undefined,
  maxJournalBytes: 1024 ** 3,
  maxQueuedReports: 20_000,
  maxQueuedCharacters: 16 * 1024 ** 2,
  maxListeners: 100,
  maxTokenListeners: 20,
  maxListenersPerClient: 10,
  checkJobsEveryMs: 60_000,
  cacheWaitMs: 100,
  storeWaitMs: 4500,
  checkHealthEveryMs: 15_000,
  checkFolderEveryMs: 1000,
  checkCountryTableEveryMs: 60_000,
  samplePerformanceEveryMs: 60_000,
  checkTlsEveryMs: 5000,
  checkNodesEveryMs: 10_000,
};
