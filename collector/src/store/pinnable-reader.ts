import type { StoreReader } from './store.js';

/** A connection for questions that can be held to one state. */
export interface PinnableReader {
  readonly reader: StoreReader;
  /** From now on, all answers are of the state that is current now. */
  pin(): void | Promise<void>;
  /** Ends that. */
  unpin(): void | Promise<void>;
}
