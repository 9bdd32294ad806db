import type { CountsPlace } from '../store/counts-place.js';
import { openPinnableOf } from '../store/open-counts.js';
import type { PinnableReader } from '../store/pinnable-reader.js';
import type { StoreReader } from '../store/store.js';
import { createAnswering } from './answer-question.js';

/** What answers from one state of the counts. */
export interface PinnedReader {
  readonly reader: StoreReader;
  readonly answer: ReturnType<typeof createAnswering>;
}

/** A state that is held. */
export interface PinnedState {
  readonly id: number;
  /** See `StoreReader.state()`. */
  readonly state: string | null;
}

/** The states of the counts that a thread holds for pages. */
export interface PinnedReaders {
  /** Holds the current state. */
  open(): Promise<PinnedState>;
  get(id: number): PinnedReader;
  release(id: number): Promise<void>;
  close(): void;
}

/** Connections that are kept for later at most: to open one takes longer than many questions do. */
const MAX_SPARE = 2;

/** Creates the states, each on a connection of its own to the counts. */
export function createPinnedReaders(place: CountsPlace): PinnedReaders {
  const open = new Map<number, PinnedReader & PinnableReader>();
  const spare: (PinnedReader & PinnableReader)[] = [];
  let nextId = 1;
  const connect = async (): Promise<PinnedReader & PinnableReader> => {
    const pinnable = await openPinnableOf(place);
    return { ...pinnable, answer: createAnswering(pinnable.reader) };
  };
  const connectAndPin = async (): Promise<PinnedReader & PinnableReader> => {
    const one = await connect();
    try {
      await one.pin();
    } catch (error) {
      leave(one);
      throw error;
    }
    return one;
  };
  /** One that was kept may have lost its server meanwhile. */
  const pinSpare = async (): Promise<(PinnedReader & PinnableReader) | undefined> => {
    for (let one = spare.pop(); one !== undefined; one = spare.pop()) {
      try {
        await one.pin();
        return one;
      } catch {
        leave(one);
      }
    }
    return undefined;
  };
  const leave = (one: PinnableReader): void =>
    void Promise.resolve(one.reader.close()).catch(() => undefined); // it is lost already
  return {
    open: async () => {
      const one = (await pinSpare()) ?? (await connectAndPin());
      const id = nextId++;
      open.set(id, one);
      return { id, state: await one.reader.state() };
    },
    get: (id) => {
      const one = open.get(id);
      if (one === undefined) throw new Error(`The state ${id} of the counts is not held any more.`);
      return one;
    },
    release: async (id) => {
      const one = open.get(id);
      if (one === undefined) return;
      open.delete(id);
      try {
        await one.unpin();
      } catch {
        // The state has ended with its connection.
        return leave(one);
      }
      if (spare.length < MAX_SPARE) spare.push(one);
      else leave(one);
    },
    close: () => {
      for (const { reader } of [...open.values(), ...spare]) void reader.close();
    },
  };
}
