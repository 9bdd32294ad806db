import { readdir, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Counting } from '../counting/counting.js';
import type { BackupHealth, Warned } from '../health/examine-backups.js';
import type { LogHealth } from '../health/examine-log.js';
import { examineWarnings, type WarningParts } from '../health/examine-warnings.js';
import type { ComponentHealth } from '../health/examine-counting.js';
import { type Component, examine, type HealthParts } from '../health/health-route.js';
import type { JobState } from '../jobs/job.js';
import type { LineCount } from '../logs/line-counts.js';
import type { Journal } from '../journal/journal.js';
import type { NetworkFigures, NetworkMeter } from '../network/network-meter.js';
import type { HttpSeries, HttpTimes } from '../performance/http-times.js';
import { type CountFigures, createCountsGatherer, type CountsParts } from './gather-counts.js';
import type { Events, EventSamples } from './events.js';

/** Everything that the metrics tell, as of one moment. */
export interface Figures {
  readonly now: Date;
  readonly startedAt: Date;
  readonly events: EventSamples;
  readonly counting: Pick<Counting, 'backlog' | 'behindSince' | 'speed'>;
  readonly components: Readonly<Record<Component, ComponentHealth>>;
  /** What can be in trouble, by its name in `GET /health`. */
  readonly warnings: Readonly<Record<string, Warned>> & {
    readonly backup: BackupHealth;
    readonly log: LogHealth;
  };
  readonly jobs: readonly JobState[];
  /** The sizes of the databases' files in bytes, by their names. */
  readonly files: ReadonlyMap<string, number>;
  readonly maxJournalBytes: number;
  /** Reports that are queued for the journal. */
  readonly waitingReports: number;
  readonly http: readonly HttpSeries[];
  readonly network: NetworkFigures;
  readonly logLines: readonly LineCount[];
  readonly openFiles: number | undefined;
  /** `undefined` if the counts do not answer in time. */
  readonly counts: CountFigures | undefined;
}

/** What figures are gathered from. */
export interface GatherParts extends HealthParts, WarningParts, CountsParts {
  readonly events: Pick<Events, 'samples'>;
  readonly counting: HealthParts['counting'] &
    CountsParts['counting'] &
    Pick<Counting, 'backlog' | 'speed'>;
  readonly journal: HealthParts['journal'] & Pick<Journal, 'waitingReports'>;
  readonly times: Pick<HttpTimes, 'series'>;
  readonly network: NetworkMeter;
  readonly logLines: () => readonly LineCount[];
  readonly store: HealthParts['store'] & CountsParts['store'];
  /** The paths of the databases. */
  readonly databases: readonly string[];
  readonly maxJournalBytes: number;
}

/** Creates what gathers the figures. Nothing of it holds up reports: it reads memory and asks threads. */
export function createGatherer(parts: GatherParts): () => Promise<Figures> {
  const startedAt = parts.now();
  const gatherCounts = createCountsGatherer(parts);
  return async () => {
    const [counts, components, files, openFiles] = await Promise.all([
      gatherCounts(),
      examine(parts),
      sizesOf(parts.databases),
      countOpenFiles(),
    ]);
    const { backlog, behindSince, speed } = parts.counting;
    return {
      ...{ now: parts.now(), startedAt, counts, components, files, openFiles },
      events: parts.events.samples(),
      counting: { backlog, behindSince, speed },
      warnings: examineWarnings(parts),
      jobs: parts.jobs.states(),
      maxJournalBytes: parts.maxJournalBytes,
      waitingReports: parts.journal.waitingReports,
      http: parts.times.series,
      network: parts.network.read(),
      logLines: parts.logLines(),
    };
  };
}

/** The write-ahead log is missing for a moment at each start. */
async function sizesOf(databases: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const paths = databases.flatMap((path) => [path, `${path}-wal`]);
  const found = await Promise.allSettled(paths.map((path) => stat(path)));
  return new Map(
    found.flatMap((result, at) =>
      result.status === 'fulfilled'
        ? [[basename(paths[at] ?? ''), result.value.size] as const]
        : [],
    ),
  );
}

/** Only Linux tells, and not in every container. */
async function countOpenFiles(): Promise<number | undefined> {
  try {
    const names = await readdir('/proc/self/fd');
    // One is that of the folder.
    return names.length - 1;
  } catch {
    return undefined;
  }
}
