import type { AccessLog, LogLevel } from './logs/logger.js';
import type { NoticeConfig } from './notice-config.js';
import type { Zone } from './rules/day.js';
import type { Durability } from './rules/durability.js';
import type { Retention } from './rules/retention-classes.js';
import type { Visibility } from './rules/visibility.js';

/** Options about projects, limits and the administrator. */
export interface AccessConfig {
  /**
   * Whether a first report creates its project (`open`) or only the administrator does (`closed`).
   *
   * @default 'open'
   */
  readonly projects: 'open' | 'closed';
  /**
   * How many projects first reports may create, from 1 to 100 000.
   *
   * @default 1000
   */
  readonly maxProjects: number;
  /**
   * What requests without a token see of a project that has no setting of its own: nothing, its
   * totals and activity, or distributions and series too.
   *
   * @default 'summary'
   */
  readonly visibility: Visibility;
  /**
   * The least number of people in a group that requests without a token see, from 2 to 1000;
   * smaller groups are counted as `other`.
   *
   * @default 10
   */
  readonly k: number;
  /**
   * The administrator's Bearer token, of at least 16 characters. It replaces the one in the file
   * `admin-token` of the data folder.
   *
   * @default undefined
   */
  readonly adminToken: string | undefined;
  /**
   * Addresses and networks of proxies whose `X-Forwarded-For` is trusted.
   *
   * @default []
   */
  readonly trustedProxies: readonly string[];
  /**
   * The names by which requests may ask for the collector, as `Host` has them, without a port; none
   * is any name. A list protects a collector on a private network from pages of strangers that
   * resolve their own name to its address.
   *
   * @default []
   */
  readonly hosts: readonly string[];
  /**
   * For how long a connection that nothing is asked on is kept open, in milliseconds, from 1 second.
   * A proxy must close its own earlier: a request that it sends on one that is just being closed
   * gets 502 from the proxy.
   *
   * @default 130000
   */
  readonly keepAliveMs: number;
  /**
   * The origins, such as `https://acme.dev`, whose pages may send requests from a browser.
   *
   * @default []
   */
  readonly corsOrigins: readonly string[];
  /**
   * Reports that a client address may send in a minute; 0 is no limit. This and all further limits
   * of reports do not count what programs on this machine send.
   *
   * @default 12000
   */
  readonly rateLimit: number;
  /**
   * Reports that may come with one write key in a minute; 0 is no limit.
   *
   * @default 600000
   */
  readonly keyRateLimit: number;
  /**
   * Bytes of reports, after decompression, that a client address may send in a minute; 0 is no
   * limit.
   *
   * @default 33554432
   */
  readonly bytesLimit: number;
  /**
   * IDs that the collector does not know and that a client address may bring in an hour; 0 is no
   * limit. One whose first report counts for an earlier day counts as 20.
   *
   * @default 10000
   */
  readonly newIdsLimit: number;
  /**
   * Projects that reports of a client address may create in a day, and at most a hundredth of {@link
   * maxProjects}; 0 is no limit.
   *
   * @default 10
   */
  readonly newProjectsLimit: number;
  /**
   * Values that a project does not know and that a client address may bring in a day (UTC); 0 is no
   * limit. What is beyond counts as `other`.
   *
   * @default 20
   */
  readonly newValuesLimit: number;
  /**
   * Reports of a project that are taken in a minute; 0 is no limit.
   *
   * @default 600000
   */
  readonly projectRateLimit: number;
  /**
   * Bytes of a project's reports, after decompression, that are taken in a minute; 0 is no limit.
   *
   * @default 671088640
   */
  readonly projectBytesLimit: number;
  /**
   * IDs that the collector does not know and that a project may get in an hour; 0 is no limit. One
   * client address brings at most a twentieth of them.
   *
   * @default 200000
   */
  readonly projectNewIdsLimit: number;
  /**
   * Questions (`/v1/stats/…` and `/stats…`) that a client address may ask in a minute; 0 is no
   * limit. Requests from this machine are not limited.
   *
   * @default 600
   */
  readonly statsRateLimit: number;
}

/** Options about where counts are kept. */
export interface StoreConfig {
  /**
   * The address of a PostgreSQL that several collectors share, as `postgres://…`; `undefined` keeps
   * the counts in the data folder.
   *
   * @default undefined
   */
  readonly store: string | undefined;
  /**
   * The address of a streaming replica of {@link StoreConfig.store}, as `postgres://…`, that
   * questions go to; `undefined` asks the primary.
   *
   * @default undefined
   */
  readonly readStore: string | undefined;
  /**
   * For how long a journal keeps what is counted in {@link store}, in milliseconds, for one that is
   * restored to an older moment; `undefined` forgets it.
   *
   * @default undefined
   */
  readonly keepCountedMs: number | undefined;
  /**
   * The address of a Redis or Valkey, as `redis://…`, by which collectors on one {@link store} have
   * answers from each other; `undefined` is none.
   *
   * @default undefined
   */
  readonly cache: string | undefined;
  /**
   * When a report is acknowledged: once it is on this collector's disk (`journal`), or once the {@link
   * store} has committed its counts (`store`).
   *
   * @default 'journal'
   */
  readonly durability: Durability;
  /**
   * For how many seconds a collector that ends waits until its journal is counted in the {@link
   * store}, and until {@link readStore} has it, from 0 to 3600. What is left is counted at its next
   * start.
   *
   * @default 20
   */
  readonly drainSeconds: number;
}

/** Options about regular backups. */
export interface BackupConfig {
  /**
   * The folder of regular backups; `undefined` makes none.
   *
   * @default undefined
   */
  readonly backupDir: string | undefined;
  /**
   * From one backup to the next, in milliseconds; 24 hours.
   *
   * @default 86400000
   */
  readonly backupEveryMs: number;
  /**
   * How many of them are kept, from 1 to 1000.
   *
   * @default 7
   */
  readonly backupKeep: number;
}

/** Options about the listener of metrics. */
export interface MetricsConfig {
  /**
   * Whether metrics have a port of their own. Without it, `/metrics` is on the main port alone.
   *
   * @default true
   */
  readonly metrics: boolean;
  /**
   * The address that scrapes come to.
   *
   * @default '127.0.0.1'
   */
  readonly metricsHost: string;
  /**
   * The TCP port of scrapes, from 0 to 65535. `undefined` is 9881, or any free one if `port` is 0;
   * only then the collector starts if it is taken.
   *
   * @default undefined
   */
  readonly metricsPort: number | undefined;
  /**
   * Addresses and networks that scrape without a token, besides this machine.
   *
   * @default []
   */
  readonly metricsNetworks: readonly string[];
}

/** The option about countries. */
export interface CountryConfig {
  /**
   * The files of a table of countries by address, CSV or mmdb; without any, no country is looked up.
   *
   * @default []
   */
  readonly countryTable: readonly string[];
}

/** Options about TLS by the collector itself. Both are set, or neither. */
export interface TlsConfig {
  /**
   * The file of the server's certificate, with its chain behind it, in PEM; `undefined` listens
   * without TLS. Read again when it changes.
   *
   * @default undefined
   */
  readonly tlsCert: string | undefined;
  /**
   * The file of the certificate's key, not encrypted, in PEM. Read again when it changes.
   *
   * @default undefined
   */
  readonly tlsKey: string | undefined;
}

/** Options about the log. */
export interface LogConfig {
  /**
   * Which requests are logged: none, all, or the first 100 of a second and every 100th of the
   * others. What is left out is counted.
   *
   * @default 'sampled'
   */
  readonly accessLog: AccessLog;
  /**
   * Bytes of all files of the log in the data folder together, from 32 MiB on; 0 writes no files.
   *
   * @default 268435456
   */
  readonly logBytesLimit: number;
}

/** The options of `headcount-collector serve`. */
export interface Config
  extends
    AccessConfig,
    BackupConfig,
    StoreConfig,
    CountryConfig,
    LogConfig,
    MetricsConfig,
    NoticeConfig,
    TlsConfig {
  /**
   * The TCP port, from 0 to 65535; 0 takes any free one.
   *
   * @default 8081
   */
  readonly port: number;
  /**
   * The address to listen on. `0.0.0.0` listens on all.
   *
   * @default '127.0.0.1'
   */
  readonly host: string;
  /**
   * The path below which a proxy offers the collector, such as `/headcount`; empty is the root. The
   * proxy may leave it in requests or take it out.
   *
   * @default ''
   */
  readonly basePath: string;
  /**
   * The folder that everything is kept in. Created if it is missing.
   *
   * @default './headcount-data'
   */
  readonly data: string;
  /**
   * The IANA time zone of days, for projects without a setting. A change does not move reports that
   * are counted already.
   *
   * @default 'UTC'
   */
  readonly timezone: Zone;
  /**
   * The lowest level of log lines on stdout.
   *
   * @default 'info'
   */
  readonly logLevel: LogLevel;
  /**
   * For how many days each kind of data is kept; `null` is for ever.
   *
   * @default DEFAULT_RETENTION
   */
  readonly retention: Retention;
  /**
   * Whether the collector leaves its address in the user's folder while it runs, so that the user's
   * programs on this machine find it.
   *
   * @default true
   */
  readonly announce: boolean;
}

/** An option is wrong. The message says which, what was expected, and what was given. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}
