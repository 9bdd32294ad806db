import type { Store } from '../../src/store/store.js';

/** Where a model's store is kept: it can be opened again and again, one at a time. */
export interface ModelPlace {
  open(): Store | Promise<Store>;
  /** Makes the rollups anew from the users, if the store can. No store may write meanwhile. */
  rebuild?(): void;
  /** Removes all of it. */
  remove?(): Promise<void>;
}

/** Makes an empty place. @param sliceUsers - Users that a slice of a cleaning looks at. */
export type MakePlace = (sliceUsers?: number) => ModelPlace | Promise<ModelPlace>;
