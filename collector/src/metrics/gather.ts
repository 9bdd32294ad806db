import { readdir, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Counting } from '../counting/counting.js';
import type { Health, Look } from '../health/watch-health.js';
import type { JobRunner } from '../jobs/job-runner.js';
import type { JobState } from '../jobs/job.js';
import type { LineCount } from '../logs/line-counts.js';
import type { Journal } from '../journal/journal.js';
import type { NetworkFigures, NetworkMeter } from '../network/network-meter.js';
import type { HttpSeries, HttpTimes } from '../performance/http-times.js';
import type { Nodes } from '../store/shared-store.js';
import type { Durability } from '../rules/durability.js';
import type { ForecastFigures, ForecastWatch } from './forecast-watch.js';
import {
  type CountFigures,
  createCountsGatherer,
  type CountsParts,
  OTHER_PROJECTS,
} from './gather-counts.js';
import type { Events, EventSamples } from './events.js';
import { createLoopDelay, type LoopDelay } from './loop-delay.js';

/** Everything that the metrics tell, as of one moment. */
export interface Figures {
  readonly now: Date;
  readonly startedAt: Date;
  readonly events: EventSamples;
  readonly counting: Pick<Counting, 'backlog' | 'behindSince' | 'replica' | 'speed'>;
  readonly gone: Nodes['gone'];
  /** What `GET /health` tells. */
  readonly health: Look;
  readonly jobs: readonly JobState[];
  /** The sizes of the databases' files in bytes, by their names. */
  readonly files: ReadonlyMap<string, number>;
  readonly maxJournalBytes: number;
  readonly durability: Durability;
  /** Reports that are queued for the journal. */
  readonly waitingReports: number;
  readonly http: readonly HttpSeries[];
  readonly network: NetworkFigures;
  readonly logLines: readonly LineCount[];
  readonly openFiles: number | undefined;
  /** `undefined` at the first look. */
  readonly loopDelay: LoopDelay | undefined;
  readonly forecasts: readonly ForecastFigures[];
  /** `undefined` if the counts do not answer in time. */
  readonly counts: CountFigures | undefined;
}

/** What figures are gathered from. */
export interface GatherParts extends CountsParts {
  readonly forecasts: ForecastWatch;
  readonly events: Pick<Events, 'samples'>;
  readonly counting: CountsParts['counting'] & Pick<Counting, 'backlog' | 'replica' | 'speed'>;
  readonly journal: Pick<Journal, 'waitingReports'>;
  readonly nodes: Pick<Nodes, 'gone'>;
  readonly health: Pick<Health, 'look'>;
  readonly jobs: Pick<JobRunner, 'states'>;
  readonly times: Pick<HttpTimes, 'series'>;
  readonly network: NetworkMeter;
  readonly logLines: () => readonly LineCount[];
  /** The paths of the databases. */
  readonly databases: readonly string[];
  readonly maxJournalBytes: number;
  readonly durability: Durability;
}

/** Creates what gathers the figures. Nothing of it holds up reports: it reads memory and asks threads. */
export function createGatherer(parts: GatherParts): () => Promise<Figures> {
  const startedAt = parts.now();
  const gatherCounts = createCountsGatherer(parts);
  const readLoopDelay = createLoopDelay();
  return async () => {
    const [counts, health, files, openFiles] = await Promise.all([
      gatherCounts(),
      parts.health.look(),
      sizesOf(parts.databases),
      countOpenFiles(),
    ]);
    const { backlog, behindSince, replica, speed } = parts.counting;
    return {
      ...{ now: parts.now(), startedAt, counts, health, files, openFiles },
      events: parts.events.samples(),
      counting: { backlog, behindSince, replica, speed },
      gone: parts.nodes.gone,
      jobs: parts.jobs.states(),
      ...{ maxJournalBytes: parts.maxJournalBytes, durability: parts.durability },
      waitingReports: parts.journal.waitingReports,
      http: parts.times.series,
      network: parts.network.read(),
      loopDelay: readLoopDelay(),
      logLines: parts.logLines(),
      forecasts: parts.forecasts.figuresOf(
        (counts?.projects ?? [])
          .map(({ project }) => project)
          .filter((one) => one !== OTHER_PROJECTS),
      ),
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
