import type { Config } from './config.js';
import { NOTICE_OPTIONS } from './notice-options.js';
import type { Option } from './option.js';
import { ACCESS_LOGS, LOG_LEVELS, type LogLevel } from './logs/logger.js';
import {
  isNetwork,
  isRedisAddress,
  isStoreAddress,
  limitOf,
  listOf,
  parseDuration,
  parseOrigin,
  perMinute,
  wholeNumber,
  writeDuration,
} from './option-values.js';
import { DAY_MS, DEFAULT_ZONE, isZone } from './rules/day.js';
import { DURABILITIES } from './rules/durability.js';
import {
  expectedOf,
  isKept,
  type KeptByOption,
  type KeptDays,
  readKept,
  RETENTION_CLASSES,
  writeKept,
} from './rules/retention-classes.js';
import { VISIBILITIES } from './rules/visibility.js';

export type { Option } from './option.js';

const isLogLevel = (text: string): text is LogLevel =>
  (LOG_LEVELS as readonly string[]).includes(text);

const parseStoreAddress = (text: string): string | undefined =>
  isStoreAddress(text) ? text : undefined;

const ENCODED =
  'spaces, and special characters of its password, are percent-encoded, such as %2F for / and %20 for a space';

const MIB = 1024 * 1024;

/** What waits to be written, at most 1 MiB, must fit into a part of a file. */
const LEAST_LOG_BYTES = 32 * MIB;
/** All options by their names in {@link Config}, with bounds and defaults. */
export const OPTIONS: {
  readonly [Name in keyof Omit<Config, 'retention'>]: Option<Config[Name]>;
} = {
  port: {
    flag: 'port',
    variable: 'HEADCOUNT_PORT',
    fallback: 8081,
    expected: 'a whole number from 0 to 65535',
    parse: wholeNumber(0, 65_535),
  },
  host: {
    flag: 'host',
    variable: 'HEADCOUNT_HOST',
    fallback: '127.0.0.1',
    expected: 'a host name or an IP address',
    parse: (text) => (/^[\w.:-]+$/.test(text) ? text : undefined),
  },
  basePath: {
    flag: 'base-path',
    variable: 'HEADCOUNT_BASE_PATH',
    fallback: '',
    expected: 'a path such as /headcount, of A-Z a-z 0-9 - . _ ~ and slashes',
    parse: (text) => (/^(\/[\w.~-]+)+\/?$/.test(text) ? text.replace(/\/$/, '') : undefined),
  },
  data: {
    flag: 'data',
    variable: 'HEADCOUNT_DATA',
    fallback: './headcount-data',
    expected: 'the path of a folder',
    parse: (text) => (text.includes('\0') ? undefined : text),
  },
  timezone: {
    flag: 'timezone',
    variable: 'HEADCOUNT_TIMEZONE',
    fallback: DEFAULT_ZONE,
    expected: 'an IANA time zone, such as Europe/Berlin',
    parse: (text) => (isZone(text) ? text : undefined),
  },
  logLevel: {
    flag: 'log-level',
    variable: 'HEADCOUNT_LOG_LEVEL',
    fallback: 'info',
    expected: `one of ${LOG_LEVELS.join(', ')}`,
    parse: (text) => (isLogLevel(text) ? text : undefined),
  },
  accessLog: {
    flag: 'access-log',
    variable: 'HEADCOUNT_ACCESS_LOG',
    fallback: 'sampled',
    expected: `one of ${ACCESS_LOGS.join(', ')}; sampled logs the first 100 requests of a second, and every 100th of the others`,
    parse: (text) => ACCESS_LOGS.find((one) => one === text),
  },
  logBytesLimit: {
    flag: 'log-bytes-limit',
    variable: 'HEADCOUNT_LOG_BYTES_LIMIT',
    fallback: 256 * MIB,
    expected: `bytes of all files of the log, a whole number from ${LEAST_LOG_BYTES} on, or 0 for no files`,
    parse: (text) => {
      const bytes = wholeNumber(0, Number.MAX_SAFE_INTEGER)(text);
      return bytes === undefined || (bytes > 0 && bytes < LEAST_LOG_BYTES) ? undefined : bytes;
    },
  },
  announce: {
    flag: 'no-announce',
    toggle: { means: '0', help: 'leave no address for programs on this machine' },
    variable: 'HEADCOUNT_ANNOUNCE',
    fallback: true,
    expected: '0 or 1',
    parse: (text) => ({ '0': false, '1': true })[text],
  },
  projects: {
    flag: 'projects',
    variable: 'HEADCOUNT_PROJECTS',
    fallback: 'open',
    expected: 'open or closed',
    parse: (text) => (text === 'open' || text === 'closed' ? text : undefined),
  },
  maxProjects: {
    flag: 'max-projects',
    variable: 'HEADCOUNT_MAX_PROJECTS',
    fallback: 1000,
    expected: 'a whole number from 1 to 100000',
    parse: wholeNumber(1, 100_000),
  },
  visibility: {
    flag: 'visibility',
    variable: 'HEADCOUNT_VISIBILITY',
    fallback: 'summary',
    expected: `one of ${VISIBILITIES.join(', ')}; what is public of projects without a setting`,
    parse: (text) => VISIBILITIES.find((one) => one === text),
  },
  k: {
    flag: 'k',
    variable: 'HEADCOUNT_K',
    fallback: 10,
    expected: 'a whole number from 2 to 1000; smaller groups of people are not public',
    parse: wholeNumber(2, 1000),
  },
  adminToken: {
    variable: 'HEADCOUNT_ADMIN_TOKEN',
    fallback: undefined,
    expected: '16 to 256 characters out of A-Z a-z 0-9 - . _ ~ + /',
    parse: (text) => (/^[\w.~+/-]{16,256}$/.test(text) ? text : undefined),
    isSecret: true,
  },
  trustedProxies: {
    flag: 'trusted-proxies',
    variable: 'HEADCOUNT_TRUSTED_PROXIES',
    fallback: [],
    expected: 'addresses or networks with commas between, such as 10.0.0.1,192.168.0.0/16',
    parse: listOf((network) => (isNetwork(network) ? network : undefined)),
  },
  hosts: {
    flag: 'hosts',
    variable: 'HEADCOUNT_HOSTS',
    fallback: [],
    expected: 'host names with commas between, such as stats.acme.dev,localhost',
    parse: listOf((name) => (/^(\[[\da-f:.]+\]|[a-z\d._-]+)$/.test(name) ? name : undefined)),
  },
  keepAliveMs: {
    flag: 'keep-alive',
    variable: 'HEADCOUNT_KEEP_ALIVE',
    // Longer than the 120 s of Caddy and Go, the 90 s of Traefik, the 60 s of nginx and of AWS.
    fallback: 130_000,
    write: writeDuration,
    expected: 'a time from 1s to 1d, such as 130s, for which a silent connection is kept open',
    parse: (text) => {
      const ms = parseDuration(text);
      return ms !== undefined && ms <= DAY_MS ? ms : undefined;
    },
  },
  corsOrigins: {
    flag: 'cors-origins',
    variable: 'HEADCOUNT_CORS_ORIGINS',
    fallback: [],
    expected: 'origins with commas between, such as https://acme.dev,http://localhost:3000',
    parse: listOf(parseOrigin),
  },
  rateLimit: {
    flag: 'rate-limit',
    variable: 'HEADCOUNT_RATE_LIMIT',
    fallback: 12_000,
    ...perMinute('reports', 'from one address'),
  },
  keyRateLimit: {
    flag: 'key-rate-limit',
    variable: 'HEADCOUNT_KEY_RATE_LIMIT',
    fallback: 600_000,
    ...perMinute('reports', 'with one write key'),
  },
  bytesLimit: {
    flag: 'bytes-limit',
    variable: 'HEADCOUNT_BYTES_LIMIT',
    fallback: 32 * MIB,
    ...perMinute('bytes', 'from one address'),
  },
  newIdsLimit: {
    flag: 'new-ids-limit',
    variable: 'HEADCOUNT_NEW_IDS_LIMIT',
    fallback: 10_000,
    ...limitOf('new IDs an hour from one address'),
  },
  newProjectsLimit: {
    flag: 'new-projects-limit',
    variable: 'HEADCOUNT_NEW_PROJECTS_LIMIT',
    fallback: 10,
    ...limitOf('new projects a day from one address'),
  },
  newValuesLimit: {
    flag: 'new-values-limit',
    variable: 'HEADCOUNT_NEW_VALUES_LIMIT',
    fallback: 20,
    ...limitOf('new values of a project a day from one address'),
  },
  projectRateLimit: {
    flag: 'project-rate-limit',
    variable: 'HEADCOUNT_PROJECT_RATE_LIMIT',
    fallback: 600_000,
    ...perMinute('reports', 'of one project'),
  },
  projectBytesLimit: {
    flag: 'project-bytes-limit',
    variable: 'HEADCOUNT_PROJECT_BYTES_LIMIT',
    fallback: 640 * MIB,
    ...perMinute('bytes', 'of one project'),
  },
  projectNewIdsLimit: {
    flag: 'project-new-ids-limit',
    variable: 'HEADCOUNT_PROJECT_NEW_IDS_LIMIT',
    fallback: 200_000,
    ...limitOf('new IDs an hour of one project'),
  },
  store: {
    flag: 'store',
    variable: 'HEADCOUNT_STORE',
    fallback: undefined,
    expected: `the address of a PostgreSQL that collectors share, such as postgres://headcount@db1,db2/headcount; ${ENCODED}`,
    parse: parseStoreAddress,
    isSecret: true,
  },
  readStore: {
    flag: 'read-store',
    variable: 'HEADCOUNT_READ_STORE',
    fallback: undefined,
    expected: `the address of a streaming replica of that PostgreSQL that questions go to, such as postgres://headcount@db2/headcount; ${ENCODED}`,
    parse: parseStoreAddress,
    isSecret: true,
  },
  keepCountedMs: {
    flag: 'keep-counted',
    variable: 'HEADCOUNT_KEEP_COUNTED',
    fallback: undefined,
    expected:
      'a time from 1s to 7d, such as 24h, for which the journal keeps what is counted in --store',
    parse: (text) => {
      const ms = parseDuration(text);
      return ms === undefined || ms > 7 * DAY_MS ? undefined : ms;
    },
  },
  cache: {
    flag: 'cache',
    variable: 'HEADCOUNT_CACHE',
    fallback: undefined,
    expected: `the address of a Redis that collectors on one store share answers by, such as rediss://cache.acme.dev:6379; ${ENCODED}`,
    parse: (text) => (isRedisAddress(text) ? text : undefined),
    isSecret: true,
  },
  durability: {
    flag: 'durability',
    variable: 'HEADCOUNT_DURABILITY',
    fallback: 'journal',
    expected: `one of ${DURABILITIES.join(', ')}: where a report is when it is acknowledged`,
    parse: (text) => DURABILITIES.find((one) => one === text),
  },
  drainSeconds: {
    flag: 'drain-seconds',
    variable: 'HEADCOUNT_DRAIN_SECONDS',
    fallback: 20,
    expected:
      'seconds, a whole number from 0 to 3600, for which an end waits until the journal is counted in the store',
    parse: wholeNumber(0, 3600),
  },
  backupDir: {
    flag: 'backup-dir',
    variable: 'HEADCOUNT_BACKUP_DIR',
    fallback: undefined,
    expected: 'the path of a folder for regular backups, outside the data folder',
    parse: (text) => (text.includes('\0') ? undefined : text),
  },
  backupEveryMs: {
    flag: 'backup-every',
    variable: 'HEADCOUNT_BACKUP_EVERY',
    fallback: DAY_MS,
    write: writeDuration,
    expected: 'a time from 1s to 365d, such as 24h, from one backup to the next',
    parse: parseDuration,
  },
  backupKeep: {
    flag: 'backup-keep',
    variable: 'HEADCOUNT_BACKUP_KEEP',
    fallback: 7,
    expected: 'how many backups are kept, a whole number from 1 to 1000',
    parse: wholeNumber(1, 1000),
  },
  countryTable: {
    flag: 'country-table',
    variable: 'HEADCOUNT_COUNTRY_TABLE',
    fallback: [],
    expected:
      'files with commas between, of lines start,end,CC or prefix/bits,CC, or in the format mmdb; ' +
      'the table by which addresses are counted by country',
    parse: (text) => {
      const files = text.split(',').map((file) => file.trim());
      return files.every((file) => file !== '' && !file.includes('\0')) ? files : undefined;
    },
  },
  tlsCert: {
    flag: 'tls-cert',
    variable: 'HEADCOUNT_TLS_CERT',
    fallback: undefined,
    expected: 'the file of a certificate with its chain, in PEM; the collector then speaks https',
    parse: (text) => (text.includes('\0') ? undefined : text),
  },
  tlsKey: {
    flag: 'tls-key',
    variable: 'HEADCOUNT_TLS_KEY',
    fallback: undefined,
    expected: 'the file of the key of that certificate, in PEM, not encrypted',
    parse: (text) => (text.includes('\0') ? undefined : text),
  },
  metrics: {
    flag: 'no-metrics',
    toggle: { means: '0', help: 'give metrics no port of their own' },
    variable: 'HEADCOUNT_METRICS',
    fallback: true,
    expected: '0 or 1',
    parse: (text) => ({ '0': false, '1': true })[text],
  },
  metricsHost: {
    flag: 'metrics-host',
    variable: 'HEADCOUNT_METRICS_HOST',
    fallback: '127.0.0.1',
    expected: 'a host name or an IP address, for scrapes',
    parse: (text) => (/^[\w.:-]+$/.test(text) ? text : undefined),
  },
  metricsPort: {
    flag: 'metrics-port',
    variable: 'HEADCOUNT_METRICS_PORT',
    fallback: undefined,
    expected: 'a whole number from 0 to 65535, for scrapes; 9881 without it',
    parse: wholeNumber(0, 65_535),
  },
  metricsNetworks: {
    flag: 'metrics-networks',
    variable: 'HEADCOUNT_METRICS_NETWORKS',
    fallback: [],
    expected: 'addresses or networks with commas between that scrape without a token',
    parse: listOf((network) => (isNetwork(network) ? network : undefined)),
  },
  ...NOTICE_OPTIONS,
  statsRateLimit: {
    flag: 'stats-rate-limit',
    variable: 'HEADCOUNT_STATS_RATE_LIMIT',
    fallback: 600,
    expected: 'questions a minute from one address, a whole number up to 1000000; 0 is no limit',
    parse: wholeNumber(0, 1_000_000),
  },
};

const keptOption = (name: KeptByOption): Option<KeptDays> => {
  const { flag, variable, fallback } = RETENTION_CLASSES[name].keeping;
  return {
    flag,
    variable,
    fallback,
    expected: expectedOf(name),
    parse: (text) => {
      const days = readKept(text);
      return days !== undefined && isKept(name, days) ? days : undefined;
    },
    write: writeKept,
  };
};

/** The options for how long each kind of data is kept. */
export const RETENTION_OPTIONS: { readonly [Name in KeptByOption]: Option<KeptDays> } = {
  users: keptOption('users'),
  activity: keptOption('activity'),
  rollups: keptOption('rollups'),
  quality: keptOption('quality'),
  keys: keptOption('keys'),
  tombstones: keptOption('tombstones'),
  snapshots: keptOption('snapshots'),
  access: keptOption('access'),
  error: keptOption('error'),
  performance: keptOption('performance'),
};

/** How people set an option. */
export function nameOption({ flag, variable }: Pick<Option<never>, 'flag' | 'variable'>): string {
  return flag === undefined ? variable : `--${flag} (or ${variable})`;
}
