import { ACTIVITY_DAYS } from './activity-bits.js';
import { REMEMBERED_DAYS, TOMBSTONE_DAYS } from './limits.js';
import { VALUE_WINDOW_DAYS } from './tally.js';

/** For how many days something is kept; `null` is for ever. */
export type KeptDays = number | null;

/** What decides how long a class is kept. */
type Keeping =
  /** An option of the collector, in days. */
  | {
      readonly flag: string;
      readonly variable: string;
      readonly fallback: KeptDays;
      /** The fewest days that may be set. */
      readonly least: number;
      /** The most days that may be set; `null` allows for ever. */
      readonly most: KeptDays;
    }
  /** Something else, in words. */
  | { readonly until: string };

/** A kind of data that the collector keeps on disk. */
export interface RetentionClass {
  readonly what: string;
  /**
   * Where it is: a file of the data folder (`*` is any text), a table of a database (`counts.db/users`),
   * or a column of one (`counts.db/users.bits`).
   */
  readonly at: readonly string[];
  readonly keeping: Keeping;
}

/** Days of a year, as options count them. */
export const YEAR_DAYS = 365;

/** The longest time that can be set, in days: a hundred years. */
const LONGEST_DAYS = 100 * YEAR_DAYS;

/**
 * Activity that is needed to count a month's people exactly: the month itself, and the days that a
 * report may be late.
 */
const LEAST_ACTIVITY_DAYS = VALUE_WINDOW_DAYS + REMEMBERED_DAYS;

const keep = (
  name: string,
  fallback: KeptDays,
  least: number,
  most: KeptDays = null,
): Extract<Keeping, { flag: string }> => ({
  flag: `keep-${name}`,
  variable: `HEADCOUNT_KEEP_${name.toUpperCase()}`,
  fallback,
  least,
  most,
});

/** Everything that the collector keeps on disk, and for how long. */
export const RETENTION_CLASSES = {
  users: {
    what: 'One row a user: the keyed hashes of ID and owner, the first and the last day and moment, the newest system and version, how the ID was made, and numbers of reports',
    at: ['counts.db/users', 'counts.db/recent'],
    keeping: keep('users', null, LEAST_ACTIVITY_DAYS),
  },
  activity: {
    what: 'The days on which a user was active, and on them what the user ran, and the events and fields of the reports',
    at: ['bits', 'older', 'runs', 'said'].map((column) => `counts.db/users.${column}`),
    keeping: keep('activity', ACTIVITY_DAYS, LEAST_ACTIVITY_DAYS, ACTIVITY_DAYS),
  },
  rollups: {
    what: 'Counts of people by day, and of people and reports by day and event, without users',
    at: ['gaps', 'value_gaps', 'age_gaps', 'retention', 'report_values', 'newest_versions'].map(
      (table) => `counts.db/${table}`,
    ),
    keeping: keep('rollups', null, LEAST_ACTIVITY_DAYS),
  },
  totals: {
    what: 'Totals of people and reports, the number of reports a day, and the names of projects and values, without users',
    at: ['totals', 'latest', 'report_days', 'projects', 'dims', 'given_up'].map(
      (table) => `counts.db/${table}`,
    ),
    keeping: { until: 'You delete the data folder' },
  },
  quality: {
    what: 'Counts of what was accepted, put right and refused by day, without users',
    at: ['counts.db/quality'],
    keeping: keep('quality', null, REMEMBERED_DAYS + 1),
  },
  hours: {
    what: 'How many reports of a project came in each hour, when the first and the last of them, and the longest time between two, without users',
    at: ['counts.db/hours'],
    keeping: { until: 'Reports came for 30 days after it; the hour before these stays' },
  },
  keys: {
    what: 'The random report_id of each report, without a user, so that none counts twice',
    at: ['counts.db/seen_reports'],
    keeping: keep('keys', REMEMBERED_DAYS, REMEMBERED_DAYS, LONGEST_DAYS),
  },
  tombstones: {
    what: 'The keyed hash of a deleted user and the moment of the deletion, so that late reports do not undo it',
    at: ['counts.db/tombstones'],
    keeping: keep('tombstones', TOMBSTONE_DAYS, TOMBSTONE_DAYS, LONGEST_DAYS),
  },
  snapshots: {
    what: 'Copies of a database before a new release has changed its schema',
    at: ['counts.db.before-*', 'journal.db.before-*'],
    keeping: keep('snapshots', 30, 1),
  },
  access: {
    what: 'The log of requests, by their routes, and of what the collector did, without users and addresses',
    at: ['logs/access-*'],
    keeping: keep('access', 30, 1),
  },
  error: {
    what: 'The log of warnings and errors, without users and addresses',
    at: ['logs/error-*'],
    keeping: keep('error', 7, 1),
  },
  performance: {
    what: 'How long requests took, by route and minute, and how busy the collector was',
    at: ['logs/performance-*', 'performance.db', 'performance.db.damaged'],
    keeping: keep('performance', 90, 1),
  },
  cleaned: {
    what: 'What the administrator has taken out of the counts: rows of users and counts',
    at: [
      ...['cleanings', 'cleaned_users', 'cleaned_said', 'cleaned_counts', 'cleaned_seen'],
      'cleaning_covers',
    ].map((table) => `counts.db/${table}`),
    keeping: {
      until: 'It is put back, or 7 days have passed',
    },
  },
  journal: {
    what: 'Reports and deletions that are not counted yet, under the same hashes',
    at: ['journal.db/entries'],
    keeping: { until: 'They are counted, or as long after as --keep-counted says' },
  },
  erasures: {
    what: 'The keyed hash of a deleted user and the moment of the deletion, also beside each set of backups, so that a restore does not undo it',
    at: ['erasures'],
    keeping: { until: 'They are as old as tombstones, and no backup is older than they are' },
  },
  published: {
    what: 'What the public was shown last of each dimension: groups of at least k people',
    at: ['public-cells'],
    keeping: { until: 'Those of a later day replace it, or the first start after 3 days' },
  },
  settings: {
    what: 'The administrator’s settings and manifests of projects',
    at: ['projects.json', 'manifests'],
    keeping: { until: 'The administrator changes them' },
  },
  pepper: {
    what: 'The key of the hashes of users',
    at: ['pepper'],
    keeping: { until: 'You delete the data folder' },
  },
  state: {
    what: 'What the collector notes of itself: schemas, positions, the last runs of jobs, who holds the lock',
    at: [
      ...['schema_migrations', 'positions', 'kept_days', 'about'].map(
        (table) => `counts.db/${table}`,
      ),
      ...['schema_migrations', 'identity', 'touched', 'epochs', 'about'].map(
        (table) => `journal.db/${table}`,
      ),
      ...[
        'jobs.json',
        'backup-folders',
        'last-backups.json',
        'store-timelines.json',
        'clean',
        'first-start',
        'lock',
        'lock.holder',
      ],
    ],
    keeping: { until: 'You delete the data folder' },
  },
} as const satisfies Readonly<Record<string, RetentionClass>>;

/** The name of a kind of data. */
export type RetentionClassName = keyof typeof RETENTION_CLASSES;

/** The kinds of data whose time is an option, in the order in which they are dropped. */
export const KEPT_BY_OPTION = [
  'activity',
  'users',
  'rollups',
  'quality',
  'keys',
  'tombstones',
  'snapshots',
  'access',
  'error',
  'performance',
] as const satisfies readonly RetentionClassName[];

/** One of {@link KEPT_BY_OPTION}. */
export type KeptByOption = (typeof KEPT_BY_OPTION)[number];

/** For how many days each kind of data is kept. */
export type Retention = Readonly<Record<KeptByOption, KeptDays>>;

/** What is kept for how long, where nothing is set. */
export const DEFAULT_RETENTION: Retention = {
  activity: RETENTION_CLASSES.activity.keeping.fallback,
  users: RETENTION_CLASSES.users.keeping.fallback,
  rollups: RETENTION_CLASSES.rollups.keeping.fallback,
  quality: RETENTION_CLASSES.quality.keeping.fallback,
  keys: RETENTION_CLASSES.keys.keeping.fallback,
  tombstones: RETENTION_CLASSES.tombstones.keeping.fallback,
  snapshots: RETENTION_CLASSES.snapshots.keeping.fallback,
  access: RETENTION_CLASSES.access.keeping.fallback,
  error: RETENTION_CLASSES.error.keeping.fallback,
  performance: RETENTION_CLASSES.performance.keeping.fallback,
};

/** Reads a time as options have it: `35d`, `3y` or `forever`; `undefined` for another text. */
export function readKept(text: string): KeptDays | undefined {
  if (text === 'forever') return null;
  const [, n, unit] = /^([1-9]\d{0,4})([dy])$/.exec(text) ?? [];
  if (n === undefined) return undefined;
  const days = Number(n) * (unit === 'y' ? YEAR_DAYS : 1);
  return days <= LONGEST_DAYS ? days : undefined;
}

/** Writes a time as options have it. */
export const writeKept = (days: KeptDays): string => (days === null ? 'forever' : `${days}d`);

/** Whether a time may be set for a kind of data. */
export function isKept(name: KeptByOption, days: KeptDays): boolean {
  const { least, most } = RETENTION_CLASSES[name].keeping;
  if (days === null) return most === null;
  return days >= least && (most === null || days <= most);
}

/** What may be set for a kind of data, in words. */
export function expectedOf(name: KeptByOption): string {
  const { least, most } = RETENTION_CLASSES[name].keeping;
  return `a time such as 90d or 2y, at least ${least}d and at most ${writeKept(most)}`;
}

/**
 * Which time is too short for another one: without a user there are no days of activity, and counts
 * of a day must stay for as long as a deletion may change them.
 */
export function findConflict(kept: Retention): readonly [KeptByOption, KeptByOption] | undefined {
  const days = (name: KeptByOption): number => kept[name] ?? Infinity;
  const pairs = [
    ['users', 'activity'],
    ['rollups', 'activity'],
  ] as const;
  return pairs.find(([long, short]) => days(long) < days(short));
}
