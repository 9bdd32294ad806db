import type { IncomingMessage } from 'node:http';
import type { FastifyRequest } from 'fastify';
import type { Counting } from '../counting/counting.js';
import type { ReaderOperations } from '../store/store.js';
import type { DeskSnapshot } from './desk-snapshot.js';

/** The state of the counts that a request is answered from. */
export interface AskedState {
  /** Every report acknowledged before this moment is counted in it. */
  readonly asOf: Date;
  /** Another one for every other state. */
  readonly version: string;
  readonly store: ReaderOperations;
  /** The state that a page holds; `undefined` for the current one. */
  readonly snapshot?: DeskSnapshot;
}

/** How long an answer waits until earlier acknowledged reports are counted, in milliseconds. */
export const CATCH_UP_MS = 1000;

/** The states that pages hold, by the requests of their questions. */
const held = new WeakMap<IncomingMessage, AskedState>();

/** Lets a question be answered from the state that its page holds. */
export function holdState(raw: IncomingMessage, state: AskedState): void {
  held.set(raw, state);
}

/** The state that a page holds, if a page asks; else the current one, once it is caught up. */
export async function findState(
  request: FastifyRequest,
  { counting, store }: StateParts,
): Promise<AskedState> {
  const ofPage = held.get(request.raw);
  if (ofPage !== undefined) return ofPage;
  const asOf = await counting.caughtUp(CATCH_UP_MS);
  return { asOf, version: await versionOf({ counting, store }), store };
}

/** Another one for every other state of the counts, whichever of several nodes has counted. */
export const versionOf = async ({
  counting,
  store,
}: {
  readonly counting: Pick<Counting, 'version'>;
  readonly store: Pick<ReaderOperations, 'state'>;
}): Promise<string> => (await store.state()) ?? counting.version;

interface StateParts {
  readonly counting: Pick<Counting, 'caughtUp' | 'version'>;
  readonly store: ReaderOperations;
}
