import type { Cause } from './causes.js';

/** How bad it is: `critical` means that reports are not taken or not counted. */
export type Severity = 'critical' | 'warning';

/** What a condition's value and threshold are measured in; `count` is a number of things. */
export type Unit = 'percent' | 'bytes' | 'seconds' | 'milliseconds' | 'count';

/** What is known of a condition before anybody looks. */
export interface ConditionKind {
  readonly severity: Severity;
  readonly unit: Unit | null;
  /** Where it begins; `null` if it depends on something else. */
  readonly threshold: number | null;
  /** Where it ends, so that a value at the threshold does not change it again and again. */
  readonly endsAt?: number;
  /** Whether it is about counts that collectors may share, so that one of them tells of it. */
  readonly isShared?: true;
  /** What to do, in one sentence. */
  readonly hint: string;
}

const MIB = 1024 ** 2;

/** How long a part may take to answer, in milliseconds. */
export const PROBE_MS = 2000;

/**
 * Everything that can be wrong with a collector, by name. Each has its paragraph, under a heading of
 * this name, in docs/collector/troubleshooting.md.
 */
export const CONDITIONS = {
  journal: {
    ...{ severity: 'critical', unit: 'milliseconds', threshold: PROBE_MS },
    hint: 'Make room on the disk of the data folder, or restart the collector.',
  },
  counting: {
    ...{ severity: 'critical', unit: 'seconds', threshold: 60 },
    hint: 'Make room on the disk, or read the error in the log; restart the collector if it has ended.',
  },
  store: {
    ...{ severity: 'critical', unit: 'milliseconds', threshold: PROBE_MS },
    hint: 'Read the error in the log, and restart the collector.',
  },
  data: {
    ...{ severity: 'critical', unit: 'milliseconds', threshold: PROBE_MS },
    hint: 'Make room in the data folder, mount it writable, or give it to the collector’s user.',
  },
  clock: {
    ...{ severity: 'critical', unit: 'seconds', threshold: null },
    hint: 'Put the machine’s clock right; if it is right, restart the collector.',
  },
  cpu: {
    ...{ severity: 'warning', unit: 'percent', threshold: 80, endsAt: 75 },
    hint: 'Find what uses the processors, or give the collector more of them.',
  },
  memory: {
    ...{ severity: 'warning', unit: 'percent', threshold: 90, endsAt: 89 },
    hint: 'Find what uses the memory, or raise its limit.',
  },
  memory_free: {
    ...{ severity: 'warning', unit: 'bytes', threshold: 512 * MIB, endsAt: 528 * MIB },
    hint: 'Find what uses the memory, or raise its limit.',
  },
  disk: {
    ...{ severity: 'warning', unit: 'percent', threshold: 90, endsAt: 89 },
    hint: 'Make room on the disk of the data folder, enlarge it, or keep data for fewer days.',
  },
  disk_full_soon: {
    ...{ severity: 'warning', unit: 'seconds', threshold: 24 * 3600, endsAt: 26 * 3600 },
    hint: 'Find what fills the disk of the data folder, and make room before it is full.',
  },
  proxy: {
    ...{ severity: 'warning', unit: 'count', threshold: 0 },
    hint: 'Name the proxy in HEADCOUNT_TRUSTED_PROXIES, or let it send X-Forwarded-For.',
  },
  cache: {
    ...{ severity: 'warning', unit: 'seconds', threshold: 60 },
    hint: 'Look whether the Redis of HEADCOUNT_CACHE runs and has room; without it each collector asks the database.',
  },
  replica: {
    ...{ severity: 'warning', unit: 'seconds', threshold: 60 },
    hint: 'Look whether the replica of HEADCOUNT_READ_STORE runs and follows; take one that will not come back out of it.',
  },
  certificate: {
    ...{ severity: 'warning', unit: 'seconds', threshold: 14 * 24 * 3600 },
    hint: 'Renew the certificate of --tls-cert; the reason says why a newer one is not taken.',
  },
  backup: {
    ...{ severity: 'warning', unit: 'seconds', threshold: null },
    hint: 'Bring the folder of backups back or make room in it, and make a backup.',
  },
  restore: {
    ...{ severity: 'warning', unit: 'count', threshold: 0, isShared: true },
    hint: 'Start the collector that is gone on its folder; after a restore, look whether a newer backup or the old journal is left.',
  },
  silence: {
    ...{ severity: 'warning', unit: 'count', threshold: 0, isShared: true },
    hint: 'Send a report as a client does, and see what it is answered.',
  },
  log: {
    ...{ severity: 'warning', unit: 'count', threshold: 0 },
    hint: 'Make room on the disk of the log, or restart what reads it.',
  },
  notices: {
    ...{ severity: 'warning', unit: 'seconds', threshold: 60 },
    hint: 'Look whether the receiver that is named works and takes messages; check its address.',
  },
  places: {
    ...{ severity: 'warning', unit: 'count', threshold: 0, isShared: true },
    hint: 'List the values in the project’s manifest, which keeps made-up ones out.',
  },
  unusual: {
    ...{ severity: 'warning', unit: 'count', threshold: 0, isShared: true },
    hint: 'If these people are made up, take them out with headcount-collector clean.',
  },
  journal_age: {
    ...{ severity: 'warning', unit: 'seconds', threshold: 30 },
    hint: 'See whether the machine is overloaded; what waits is counted later, none of it is lost.',
  },
  erasure: {
    ...{ severity: 'warning', unit: 'seconds', threshold: 24 * 3600 },
    hint: 'Let the collector count again: deletions are done in order with the reports.',
  },
  errors: {
    ...{ severity: 'warning', unit: 'count', threshold: null },
    hint: 'Read the errors: headcount-collector logs --level error.',
  },
} as const satisfies Record<string, ConditionKind>;

/** The name of a condition. */
export type ConditionName = keyof typeof CONDITIONS;

/** The conditions that one of several collectors tells of. */
export const SHARED_CONDITIONS: ReadonlySet<string> = new Set(
  Object.entries<ConditionKind>(CONDITIONS).flatMap(([name, { isShared }]) =>
    isShared === true ? [name] : [],
  ),
);

/** All names, in the order in which they are listed. */
export const CONDITION_NAMES = Object.keys(CONDITIONS) as ConditionName[]; // the keys of a constant

/** One thing that can be wrong, and whether it is. */
export interface Condition<Name extends string = ConditionName> {
  readonly name: Name;
  readonly severity: Severity;
  /** `failing` and `warning` say the same as the severity of what is wrong. */
  readonly state: 'ok' | 'warning' | 'failing';
  /** `null` if it is not known. */
  readonly value: number | null;
  readonly unit: Unit | null;
  readonly threshold: number | null;
  /** Since when it has this state, as an ISO moment; the start of the collector if ever since. */
  readonly since: string;
  /** What is wrong, for people; `null` if nothing is. */
  readonly reason: string | null;
  /** What the reason says, for programs; empty if nothing is wrong. */
  readonly causes: readonly Cause[];
  /** What to do if it is wrong, with the address of its paragraph. */
  readonly hint: string;
  /** The address of its paragraph. */
  readonly link: string;
}

/** What one look finds. */
export interface Finding {
  /** What is wrong, for people; without it, all is well. */
  readonly reason?: string | undefined;
  /** What the reason says, for programs. */
  readonly causes?: readonly Cause[];
  readonly value?: number | null;
  /** In the place of the usual one. */
  readonly threshold?: number | null;
  /** Since when it is wrong, where that is known better than by looking. */
  readonly since?: Date | undefined;
}

const TROUBLESHOOTING =
  'https://github.com/headcount-dev/headcount/blob/main/docs/collector/troubleshooting.md';

/** The address of a condition's paragraph. */
export const linkOf = (name: ConditionName): string => `${TROUBLESHOOTING}#${name}`;

/** What to do about a condition, with the address of its paragraph. */
export const hintOf = (name: ConditionName): string =>
  `${CONDITIONS[name].hint} See ${linkOf(name)}`;
