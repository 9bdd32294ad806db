import { ProblemError } from '../errors.js';

/** How much may wait, and for how long. */
export interface QueueLimits {
  /** Jobs that wait or run. */
  readonly jobs: number;
  /** Jobs of one client that wait or run. */
  readonly jobsOfClient: number;
  /** How long a job may wait before it runs, in milliseconds. */
  readonly waitMs: number;
  /**
   * How long a refusal is held back, in milliseconds: a client that asks again at once would keep
   * the server busy with refusals.
   */
  readonly refuseAfterMs: number;
}

/** Runs jobs on workers, one at a time on each. */
export interface FairQueue<Worker> {
  /**
   * Clients take turns, so that one with many jobs does not hold up another with one.
   *
   * @param only - The worker that the job must run on; any without it.
   * @throws `ProblemError` `busy` if there is no place, or if no worker is free in time.
   */
  run<Result>(
    client: string,
    job: (worker: Worker) => Promise<Result>,
    only?: Worker,
  ): Promise<Result>;
}

interface Waiting<Worker> {
  readonly only: Worker | undefined;
  start(worker: Worker): void;
}

/** Creates a queue. Workers are used in the order in which they became free. */
export function createFairQueue<Worker>(
  workers: readonly Worker[],
  limits: QueueLimits,
): FairQueue<Worker> {
  const idle = [...workers];
  /** The jobs that wait, by client. The first client is the next one. */
  const waiting = new Map<string, Set<Waiting<Worker>>>();
  const taken = new Map<string, number>();
  let jobs = 0;

  /** One more worker or job is there, so one job can start at most. */
  const startNext = (): void => {
    for (const [client, own] of waiting) {
      for (const next of own) {
        const at = next.only === undefined ? 0 : idle.indexOf(next.only);
        const [worker] = at === -1 ? [] : idle.splice(at, 1);
        if (worker === undefined) continue;
        waiting.delete(client);
        own.delete(next);
        if (own.size > 0) waiting.set(client, own);
        next.start(worker);
        return;
      }
    }
  };
  const workerFor = (client: string, only: Worker | undefined): Promise<Worker> =>
    new Promise((resolve, reject) => {
      const own = waiting.get(client) ?? new Set();
      const timer = setTimeout(() => {
        own.delete(job);
        if (own.size === 0) waiting.delete(client);
        reject(busy('Other questions took too long.'));
      }, limits.waitMs);
      const job: Waiting<Worker> = {
        only,
        start: (worker) => {
          clearTimeout(timer);
          resolve(worker);
        },
      };
      waiting.set(client, own.add(job));
      startNext();
    });
  const takePlace = async (client: string): Promise<void> => {
    const own = taken.get(client) ?? 0;
    if (jobs < limits.jobs && own < limits.jobsOfClient) {
      jobs += 1;
      taken.set(client, own + 1);
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, limits.refuseAfterMs).unref());
    throw busy(`At most ${limits.jobsOfClient} questions of a client are answered at a time.`);
  };
  const givePlace = (client: string): void => {
    jobs -= 1;
    const own = (taken.get(client) ?? 1) - 1;
    if (own === 0) taken.delete(client);
    else taken.set(client, own);
  };

  return {
    run: async (client, job, only) => {
      await takePlace(client);
      try {
        const worker = await workerFor(client, only);
        try {
          return await job(worker);
        } finally {
          idle.push(worker);
          startNext();
        }
      } finally {
        givePlace(client);
      }
    },
  };
}

const busy = (detail: string): ProblemError =>
  new ProblemError('busy', `${detail} Ask again later.`);
