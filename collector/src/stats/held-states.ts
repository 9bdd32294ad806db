import { ProblemError } from '../errors.js';
import type { Counting } from '../counting/counting.js';
import type { Refusals } from '../intake/refusals.js';
import type { ReaderOperations } from '../store/store.js';
import { type AskedState, CATCH_UP_MS, versionOf } from './asked-state.js';
import type { QuestionDesk } from './question-desk.js';

/** States of the counts that pages hold while they are gathered. */
export interface HeldStates {
  /**
   * Holds a state in which every report acknowledged before is counted. Pages that come while
   * nothing more is counted share one, and so the answers from it.
   *
   * @param client - The key of the client.
   * @throws `ProblemError` `busy`
   */
  hold(client: string | undefined): Promise<HeldState>;
}

/** A state, for one page. */
export interface HeldState {
  readonly state: AskedState;
  /** To be called once, in any case. */
  readonly release: () => void;
}

export interface HeldStatesParts {
  readonly counting: Pick<Counting, 'caughtUp' | 'version'>;
  readonly refusals: Pick<Refusals, 'flush'>;
  readonly desk: Pick<QuestionDesk, 'openSnapshot'>;
  readonly store: Pick<ReaderOperations, 'state'>;
  /** Milliseconds of a clock that never goes back. */
  readonly monotonicMs: () => number;
  /** Called when a state could not be given back. */
  readonly onFailure: (error: unknown) => void;
}

/** States held at once at most: each takes a connection to the database. */
export const MAX_HELD = 8;

/**
 * How long states may be held without a break, in milliseconds: the write-ahead log can begin anew
 * only in one. Pages that come later wait until those before them have ended.
 */
const BREAK_AFTER_MS = 5000;

/** How long a page waits for its turn at most, in milliseconds. */
const WAIT_MS = 5000;

interface Shared {
  readonly version: string;
  readonly second: number;
  readonly opening: Promise<AskedState & { close(): Promise<void> }>;
  pages: number;
}

/** Creates the states. They are named by a number, since the version may lag behind the counts. */
export function createHeldStates(parts: HeldStatesParts): HeldStates {
  const { counting, refusals, desk, monotonicMs, onFailure } = parts;
  /** States that are held, and pages that are about to hold one. */
  let taken = 0;
  let takenSinceMs = 0;
  let opened = 0;
  let newest: Shared | undefined;
  const waiting = new Set<() => void>();

  const isFree = (): boolean =>
    taken === 0 || (taken < MAX_HELD && monotonicMs() - takenSinceMs < BREAK_AFTER_MS);
  const giveBack = (): void => {
    taken--;
    for (const look of waiting) look();
  };
  const take = async (): Promise<void> => {
    if (!isFree()) await waitUntilFree();
    if (taken === 0) takenSinceMs = monotonicMs();
    taken++;
  };
  const waitUntilFree = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const end = (): void => {
        clearTimeout(timer);
        waiting.delete(look);
      };
      const timer = setTimeout(() => {
        end();
        reject(new ProblemError('busy', 'Other pages took too long. Ask again later.'));
      }, WAIT_MS);
      const look = (): void => {
        if (!isFree()) return;
        end();
        resolve();
      };
      waiting.add(look);
    });

  /** @param before - The version that was current before: the state has all that was counted then. */
  const open = (asOf: Date, client: string | undefined, before: string): Shared => {
    const name = `held ${++opened}`;
    const opening = desk.openSnapshot(client).then((snapshot) => ({
      ...{ asOf, version: snapshot.state ?? name, snapshot, store: snapshot.store },
      close: () => snapshot.close(),
    }));
    return { version: before, second: secondOf(asOf), opening, pages: 0 };
  };
  const isOf = (shared: Shared | undefined, asOf: Date, version: string): shared is Shared =>
    shared !== undefined &&
    shared.pages > 0 &&
    shared.version === version &&
    shared.second === secondOf(asOf);
  const leave = async (shared: Shared): Promise<void> => {
    shared.pages--;
    if (shared.pages > 0) return;
    try {
      await (await shared.opening).close();
    } catch (error) {
      onFailure(error);
    } finally {
      giveBack();
    }
  };

  return {
    hold: async (client) => {
      await take();
      let shared: Shared;
      try {
        // Rejections are gathered in memory; the state must include those before the page.
        await refusals.flush();
        const asOf = await counting.caughtUp(CATCH_UP_MS);
        const version = await versionOf(parts);
        if (isOf(newest, asOf, version)) giveBack();
        else newest = open(asOf, client, version);
        shared = newest;
        shared.pages++;
      } catch (error) {
        giveBack();
        throw error;
      }
      try {
        const state = await shared.opening;
        return { state, release: once(() => void leave(shared)) };
      } catch (error) {
        shared.pages--;
        if (shared.pages === 0) giveBack();
        throw error;
      }
    },
  };
}

const secondOf = (asOf: Date): number => Math.floor(asOf.getTime() / 1000);

function once(work: () => void): () => void {
  let isDone = false;
  return () => {
    if (isDone) return;
    isDone = true;
    work();
  };
}
