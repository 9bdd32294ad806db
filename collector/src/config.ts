import { isIP } from 'node:net';
import { LOG_LEVELS, type LogLevel } from './logs/logger.js';
import { DAY_MS, DEFAULT_ZONE, isZone, type Zone } from './rules/day.js';
import {
  expectedOf,
  isKept,
  type KeptByOption,
  type KeptDays,
  readKept,
  type Retention,
  RETENTION_CLASSES,
  writeKept,
} from './rules/retention-classes.js';
import { VISIBILITIES, type Visibility } from './rules/visibility.js';

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

/** The options of `headcount-collector serve`. */
export interface Config extends AccessConfig, BackupConfig {
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

export interface Option<Value> {
  /** The flag's name. Secrets have no flag, since every user of a machine can read flags. */
  readonly flag?: string;
  /** For a flag without a value: the text it stands for, and its help. */
  readonly toggle?: { readonly means: string; readonly help: string };
  readonly variable: string;
  readonly fallback: Value;
  readonly expected: string;
  /** Returns `undefined` for an unexpected text. */
  readonly parse: (text: string) => Value | undefined;
  /** Whether messages must not show the given value. */
  readonly isSecret?: boolean;
  /** Writes a value as people set it. */
  readonly write?: (value: Value) => string;
}

const wholeNumber =
  (from: number, to: number) =>
  (text: string): number | undefined =>
    /^\d{1,9}$/.test(text) && Number(text) >= from && Number(text) <= to ? Number(text) : undefined;

const isLogLevel = (text: string): text is LogLevel =>
  (LOG_LEVELS as readonly string[]).includes(text);

const MIB = 1024 * 1024;

const MOST = 999_999_999;

function limitOf(what: string): Pick<Option<number>, 'expected' | 'parse'> {
  return {
    expected: `${what}, a whole number up to ${MOST}; 0 is no limit`,
    parse: wholeNumber(0, MOST),
  };
}

const perMinute = (unit: string, whose: string): Pick<Option<number>, 'expected' | 'parse'> =>
  limitOf(`${unit} a minute ${whose}`);

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
  statsRateLimit: {
    flag: 'stats-rate-limit',
    variable: 'HEADCOUNT_STATS_RATE_LIMIT',
    fallback: 600,
    expected: 'questions a minute from one address, a whole number up to 1000000; 0 is no limit',
    parse: wholeNumber(0, 1_000_000),
  },
};

const UNITS_MS: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: DAY_MS,
};

function writeDuration(ms: number): string {
  return `${ms / 3_600_000}h`;
}

/** Reads a time such as `24h`, in milliseconds. */
function parseDuration(text: string): number | undefined {
  const [, number = '', unit = ''] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  const ms = Number(number) * (UNITS_MS[unit] ?? 0);
  return ms >= 1000 && ms <= 365 * DAY_MS ? ms : undefined;
}

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
};

/** Reads a list; `undefined` if one of its parts cannot be read. */
function listOf(
  parse: (part: string) => string | undefined,
): (text: string) => readonly string[] | undefined {
  return (text) => {
    const parts = text.split(',').map((part) => parse(part.trim().toLowerCase()));
    return parts.every((part) => part !== undefined) ? parts : undefined;
  };
}

/** An origin, as browsers write it; `undefined` for another text. */
function parseOrigin(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const { origin, protocol } = new URL(text);
  return /^https?:$/.test(protocol) && origin === text.replace(/\/$/, '') ? origin : undefined;
}

function isNetwork(text: string): boolean {
  const [address = '', bits, ...rest] = text.split('/');
  const version = isIP(address);
  if (version === 0 || rest.length > 0) return false;
  return bits === undefined || wholeNumber(0, version === 4 ? 32 : 128)(bits) !== undefined;
}

/** How people set an option. */
export function nameOption({ flag, variable }: Pick<Option<never>, 'flag' | 'variable'>): string {
  return flag === undefined ? variable : `--${flag} (or ${variable})`;
}
