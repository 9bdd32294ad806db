import { openPinnableReader, type PinnableReader } from '../store/sqlite/counts-reader.js';
import type { StoreReader } from '../store/store.js';
import { createAnswering } from './answer-question.js';

/** What answers from one state of the counts. */
export interface PinnedReader {
  readonly reader: StoreReader;
  readonly answer: ReturnType<typeof createAnswering>;
}

/** The states of the counts that a thread holds for pages. */
export interface PinnedReaders {
  /** Holds the current state. @returns Its name. */
  open(): number;
  get(id: number): PinnedReader;
  release(id: number): void;
  close(): void;
}

/** Connections that are kept for later at most: to open one takes longer than many questions do. */
const MAX_SPARE = 2;

/** Creates the states, each on a connection of its own to the database at `path`. */
export function createPinnedReaders(path: string): PinnedReaders {
  const open = new Map<number, PinnedReader & PinnableReader>();
  const spare: (PinnedReader & PinnableReader)[] = [];
  let nextId = 1;
  const connect = (): PinnedReader & PinnableReader => {
    const pinnable = openPinnableReader(path);
    return { ...pinnable, answer: createAnswering(pinnable.reader) };
  };
  return {
    open: () => {
      const one = spare.pop() ?? connect();
      one.pin();
      open.set(nextId, one);
      return nextId++;
    },
    get: (id) => {
      const one = open.get(id);
      if (one === undefined) throw new Error(`The state ${id} of the counts is not held any more.`);
      return one;
    },
    release: (id) => {
      const one = open.get(id);
      if (one === undefined) return;
      open.delete(id);
      one.unpin();
      if (spare.length < MAX_SPARE) spare.push(one);
      else void one.reader.close();
    },
    close: () => {
      for (const { reader } of [...open.values(), ...spare]) void reader.close();
    },
  };
}
