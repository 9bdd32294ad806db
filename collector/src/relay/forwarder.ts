import type { Logger } from 'pino';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import type { FailureLog } from '../logs/failure-log.js';
import { createTally, type Sample } from '../metrics/tally.js';
import { pauseAfter } from '../pause-after.js';
import { createHolds } from './holds.js';
import { type Batch, makeBatches, type WaitingRow, writeBatch } from './make-batches.js';
import { readVerdict, type Verdict } from './read-verdict.js';
import type { LoopWatch } from './loop-watch.js';
import type { Person, RelayQueue } from './relay-queue.js';
import type { RelayTimes } from './relay-times.js';
import type { Trouble } from './trouble.js';
import { NoAnswerError, type Upstream } from './upstream.js';

export interface ForwarderParts {
  readonly queue: RelayQueue;
  readonly upstream: Upstream;
  readonly times: RelayTimes;
  /** The wall clock, by which reports were received. */
  readonly now: () => Date;
  readonly monotonicMs: () => number;
  /** From 0 up to 1. */
  readonly random: () => number;
  readonly logger: Pick<Logger, 'info' | 'warn'>;
  readonly failures: Pick<FailureLog, 'failed'>;
  readonly loop: Pick<LoopWatch, 'refused'>;
}

/** What the forwarder has done since its start. */
export interface ForwarderFigures {
  /** Reports that the collector has taken. */
  readonly forwarded: number;
  /** Reports that it has refused for good, by the codes of problems. */
  readonly refused: readonly Sample[];
  /** Requests that have failed. */
  readonly failures: number;
  /** When it last answered as a collector does, in milliseconds since 1970. */
  readonly answeredAt: number | null;
  readonly trouble: Trouble | undefined;
  /** Reports that are left alone for a while, so that the others pass them. */
  readonly held: number;
}

/** Passes reports on, in the order in which they came, and removes what the collector has taken. */
export interface Forwarder {
  readonly figures: ForwarderFigures;
  /** Says that there are new reports. */
  wake(): void;
  /**
   * Passes on what waits of a person, before all others.
   *
   * @throws `NoAnswerError` if that is not possible now.
   */
  passOn(person: Person): Promise<void>;
  /** Drops what still waits: its person is deleted. */
  drop(positions: readonly number[]): Promise<void>;
  /** Begins no further request, and waits for the present one. */
  close(): Promise<void>;
}

/** Starts to pass on. */
export function startForwarder(parts: ForwarderParts): Forwarder {
  const { queue, upstream, times, now, monotonicMs, random, logger, failures, loop } = parts;
  const holds = createHolds(times, monotonicMs);
  /** Rows that were passed on, and could not be removed yet. */
  const passed = new Set<number>();
  const refused = createTally();
  const ending = new AbortController();
  const closing = new AbortController();
  let cursor = 0;
  let forwarded = 0;
  let failed = 0;
  let failedInARow = 0;
  let answeredAt: number | null = null;
  let trouble: Trouble | undefined;
  let isPausing = false;
  let wakeUp = (): void => undefined;

  const fail = (reason: string): void => {
    failed += 1;
    failedInARow += 1;
    isPausing = true;
    if (trouble === undefined) {
      logger.warn({ reason, waiting: queue.waiting }, 'the collector takes no reports; they wait');
    }
    trouble = { since: trouble?.since ?? now().getTime(), reason };
  };
  const succeed = (): void => {
    failedInARow = 0;
    isPausing = false;
    answeredAt = now().getTime();
    if (trouble === undefined) return;
    const { since, reason } = trouble;
    trouble = undefined;
    const told = { since: new Date(since).toISOString(), reason, waiting: queue.waiting };
    logger.info(told, 'the collector takes reports again');
  };
  const remove = async (positions: readonly number[]): Promise<void> => {
    holds.forget(positions);
    for (const position of positions) passed.add(position);
    const all = [...passed];
    try {
      await queue.remove(all);
      for (const position of all) passed.delete(position);
    } catch (error) {
      failures.failed(error, 'reports that were passed on cannot be removed yet');
    }
  };
  const settle = async (
    { items }: Batch,
    { reports, retryAfterMs = 0 }: Verdict & { kind: 'told' },
  ): Promise<void> => {
    const finished: number[] = [];
    const asked = Math.min(retryAfterMs, times.longestAskedMs);
    for (const [at, { positions, project }] of items.entries()) {
      const verdict = reports[at];
      if (verdict === undefined || verdict.kind === 'later') holds.postpone(positions, asked);
      else finished.push(...positions);
      if (verdict?.kind === 'counted') forwarded += positions.length;
      if (verdict?.kind !== 'refused') continue;
      refused.add({ code: verdict.code }, positions.length);
      const error = Object.assign(new Error(verdict.code), { code: verdict.code });
      failures.failed(error, 'the collector has refused reports, which are dropped', { project });
    }
    await remove(finished);
  };
  const ask = async (batch: Batch): Promise<Verdict> => {
    const authorization = batch.key === undefined ? undefined : `Bearer ${batch.key}`;
    const body = writeBatch(batch, now);
    try {
      const { relayedBy } = batch;
      const request = {
        path: '/v1/reports',
        authorization,
        body,
        relayedBy,
        signal: ending.signal,
      };
      const answer = await upstream.ask({ method: 'POST', ...request });
      return readVerdict(answer, batch.items.length, now().getTime());
    } catch (error) {
      if (!(error instanceof NoAnswerError)) throw error;
      const { message: reason, wasSent: isSuspect } = error;
      return { kind: 'failed', reason, isSuspect, retryAfterMs: undefined };
    }
  };
  /** @returns How long to wait, in milliseconds, if it has failed. */
  const pass = async (batch: Batch): Promise<number | undefined> => {
    const verdict = await ask(batch);
    if (ending.signal.aborted) return 0;
    if (verdict.kind === 'failed') {
      const { isSuspect, isLoop = false, reason, retryAfterMs = 0 } = verdict;
      // Where another batch failed just before, it is hardly the content of both.
      const isNew = failedInARow === 0;
      if (isSuspect) holds.suspect(positionsOf(batch), isNew);
      if (isLoop) {
        holds.postpone(positionsOf(batch), 0);
        loop.refused();
      }
      fail(reason);
      return pauseAfter(failedInARow, retryAfterMs, times, random);
    }
    succeed();
    if (verdict.kind === 'told') {
      await settle(batch, verdict);
      return undefined;
    }
    const half = Math.ceil(batch.items.length / 2);
    return (
      (await pass({ ...batch, items: batch.items.slice(0, half) })) ??
      (await pass({ ...batch, items: batch.items.slice(half) }))
    );
  };
  /** Any single report of a batch: whether it goes tells whether the batch or the way is at fault. */
  const oneOf = (batch: Batch): Batch => {
    const at = Math.floor(random() * batch.items.length);
    return { ...batch, items: batch.items.slice(at, at + 1) };
  };
  const toWaiting = (row: { position: number; body: string }): WaitingRow[] => {
    const suspicion = passed.has(row.position) ? undefined : holds.suspicionOf(row.position);
    return suspicion === undefined ? [] : [{ ...row, suspicion }];
  };
  /** @returns How long to wait, in milliseconds; `undefined` until there is something. */
  const step = async (): Promise<number | undefined> => {
    const rows = queue.read(cursor);
    const last = rows.at(-1)?.position;
    if (last === undefined) {
      isPausing = false;
      if (passed.size > 0) await remove([]);
      if (passed.size > 0) return times.longestRetryMs;
      const dueMs = holds.dueInMs();
      if (dueMs === 0) cursor = 0;
      return dueMs;
    }
    const batches = makeBatches(rows.flatMap(toWaiting), now().getTime());
    for (const all of batches) {
      if (closing.signal.aborted) return 0;
      const batch = failedInARow < PROBED_AFTER ? all : oneOf(all);
      const waitMs = await pass(batch);
      // The same rows are read again, but for those that are removed or left alone.
      if (waitMs !== undefined) return waitMs;
      if (batch !== all) return 0;
    }
    cursor = last;
    return 0;
  };
  const waitFor = async (ms: number | undefined): Promise<void> => {
    if (ms === 0) return;
    const woken = new AbortController();
    const signal = AbortSignal.any([woken.signal, closing.signal]);
    // In the pause after a failure, new reports change nothing.
    wakeUp = () => {
      if (!isPausing) woken.abort();
    };
    // Of a longer timer, Node takes the number for 1.
    await sleep(Math.min(ms ?? LONGEST_WAIT_MS, LONGEST_WAIT_MS), undefined, { signal }).catch(
      () => undefined, // something to do
    );
  };
  const run = async (): Promise<void> => {
    while (!closing.signal.aborted) {
      try {
        // Others must get their turn also where nothing is waited for.
        await nextTurn();
        const woken = queue.journal.committed;
        const waitMs = await step();
        if (waitMs === undefined && queue.journal.committed > woken) continue;
        await waitFor(waitMs);
      } catch (error) {
        failures.failed(error, 'reports cannot be passed on');
        await waitFor(times.firstRetryMs);
      }
    }
  };

  const running = run();
  return {
    get figures() {
      const figures = { forwarded, refused: refused.samples(), failures: failed, answeredAt };
      return { ...figures, trouble, held: holds.size };
    },
    wake: () => wakeUp(),
    passOn: async (person) => {
      const rows = (await queue.find(person)).filter(({ position }) => !passed.has(position));
      const waiting = rows.map((row) => ({ ...row, suspicion: 0 }));
      for (const batch of makeBatches(waiting, now().getTime())) {
        const waitMs = await pass(batch);
        if (waitMs !== undefined) throw new NoAnswerError(trouble?.reason ?? 'it ends', false);
      }
    },
    drop: remove,
    close: async () => {
      closing.abort();
      const cutOff = setTimeout(() => ending.abort(), times.closeMs);
      await running;
      clearTimeout(cutOff);
    },
  };
}

const positionsOf = ({ items }: Batch): number[] => items.flatMap(({ positions }) => positions);

/** Failures in a row after which a single report is tried before all others. */
const PROBED_AFTER = 2;

const LONGEST_WAIT_MS = 60 * 60_000;
