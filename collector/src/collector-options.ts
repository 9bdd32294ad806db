import type { Logger } from 'pino';
import { type AccessConfig, OPTIONS } from './config.js';
import { DAY_MS, type Zone } from './rules/day.js';
import type { MigrationProgress } from './sqlite/migrate.js';

/** What a collector is opened with. */
export interface CollectorOptions extends Partial<AccessConfig> {
  /** The folder that everything is kept in. Created if it is missing. */
  readonly data: string;
  readonly logger: Logger;
  /**
   * The IANA time zone of projects that have none of their own.
   *
   * @default 'UTC'
   */
  readonly timezone?: Zone;
  /** @default the system's clock */
  readonly now?: () => Date;
  /**
   * Milliseconds by a clock that nobody sets.
   *
   * @default performance.now
   */
  readonly monotonicMs?: () => number;
  /**
   * How far {@link now} may get ahead of {@link monotonicMs} between two requests, in milliseconds;
   * beyond it reports and deletions are refused with 503 until it is back.
   *
   * @default 30 days
   */
  readonly maxClockJumpMs?: number;
  /** Told while the schema of a database is changed, which can take minutes. */
  readonly onProgress?: ((progress: MigrationProgress) => void) | undefined;
  /** Told of the first report of each project that nothing had been counted of before. */
  readonly onFirstReport?: ((project: string) => void) | undefined;
  /**
   * The largest size of the journal, in bytes; beyond it reports are refused with 507.
   *
   * @default 1 GiB
   */
  readonly maxJournalBytes?: number;
  /**
   * Reports that may wait for a commit; beyond it they are refused with 503.
   *
   * @default 20_000
   */
  readonly maxQueuedReports?: number;
  /**
   * Characters that may wait for a commit; beyond it reports are refused with 503.
   *
   * @default 16 Mi
   */
  readonly maxQueuedCharacters?: number;
  /**
   * How many may follow `GET /v1/stats/live` at one moment; beyond it they are refused with 503.
   *
   * @default 100
   */
  readonly maxListeners?: number;
  /**
   * How many of those one client may be; beyond it they are refused with 429. Not for this
   * machine's own address.
   *
   * @default 10
   */
  readonly maxListenersPerClient?: number;
}

/** What the options are that are left out. */
export const DEFAULTS = {
  projects: OPTIONS.projects.fallback,
  maxProjects: OPTIONS.maxProjects.fallback,
  adminToken: OPTIONS.adminToken.fallback,
  trustedProxies: OPTIONS.trustedProxies.fallback,
  rateLimit: OPTIONS.rateLimit.fallback,
  keyRateLimit: OPTIONS.keyRateLimit.fallback,
  statsRateLimit: OPTIONS.statsRateLimit.fallback,
  timezone: OPTIONS.timezone.fallback,
  now: () => new Date(),
  monotonicMs: () => performance.now(),
  maxClockJumpMs: 30 * DAY_MS,
  onProgress: undefined,
  onFirstReport: undefined,
  maxJournalBytes: 1024 ** 3,
  maxQueuedReports: 20_000,
  maxQueuedCharacters: 16 * 1024 ** 2,
  maxListeners: 100,
  maxListenersPerClient: 10,
};
