/** Work that is done again and again while the collector runs. */
export interface Job {
  /** Its name in the log, in `jobs.json` and in `GET /health`. Jobs have different names. */
  readonly name: string;
  /** From one run to the next, in milliseconds; `Infinity` runs on demand only. */
  readonly everyMs: number;
  /** Whether its work is on what nodes share, so that one of them does it. */
  readonly isShared?: boolean;
  /** Whether it is due although this node has run it: a part of it that a leader does is not done. */
  readonly isOwed?: () => Promise<boolean>;
  /**
   * Does the work once. It may stop anywhere: a job that was cut off is run again from the start.
   *
   * @returns What it did, to be kept with the last run; `null` if there was nothing to do, which is
   * neither logged nor written down.
   */
  readonly run: (turn: JobTurn) => Promise<JobResult | null>;
}

/** What a run did, in JSON. */
export type JobResult = Readonly<Record<string, unknown>>;

/** What a run is given. */
export interface JobTurn {
  /** When the run began. */
  readonly startedAt: Date;
  /** How long the work between two calls of {@link pause} may take, in milliseconds. */
  readonly sliceMs: number;
  /**
   * Lets other work go on for as long as the slice took.
   *
   * @param share - How much of the run is done, from 0 to 1.
   * @throws When the collector closes. The run then ends and does not count as failed.
   */
  readonly pause: (share: number) => Promise<void>;
  /** Aborted when the collector closes. */
  readonly signal: AbortSignal;
}

/** How a job goes. Moments are in milliseconds since 1970, and `null` if there was none. */
export interface JobState {
  readonly name: string;
  readonly everyMs: number;
  /** When the last successful run ended. */
  readonly succeededAt: number | null;
  /** How long that run took, in milliseconds. */
  readonly tookMs: number | null;
  /** What that run did. */
  readonly result: JobResult | null;
  /** When the last run failed; `null` if it succeeded. */
  readonly failedAt: number | null;
  /** Why it failed. */
  readonly error: string | null;
  /** How much of the present run is done, from 0 to 1; `null` if none runs. */
  readonly share: number | null;
}
