import type { ReaderOperations } from '../store/store.js';

/** One state of the counts, which a thread holds until it is closed. */
export interface DeskSnapshot {
  /** See `StoreReader.state()`. */
  readonly state: string | null;
  /** Questions to the store itself. */
  readonly store: ReaderOperations;
  close(): Promise<void>;
}
