import type { Epoch } from '../journal/epochs.js';
import type { StoreWriter } from '../store/store.js';

/** How far a journal is counted. */
export interface Place {
  readonly epoch: Epoch;
  /** The position that the store has for the epoch. */
  readonly recorded: number;
  /** The position of the last entry that is counted, in this epoch or before it. */
  readonly position: number;
}

/**
 * Finds how far a journal is counted: up to the first of its epochs that is not counted to its end.
 * Positions of epochs that the journal does not have say nothing about it.
 */
export async function findPlace(
  epochs: readonly Epoch[],
  store: Pick<StoreWriter, 'position'>,
): Promise<Place> {
  let place: Place | undefined;
  for (const epoch of epochs) {
    const recorded = await store.position(epoch.id);
    place = { epoch, recorded, position: Math.max(recorded, epoch.after) };
    if (place.position < epoch.upTo) return place;
  }
  if (place === undefined) throw new Error('A journal has an epoch once it was opened.');
  return place;
}

/** Finds {@link Place}s again and again, while counting goes on. */
export interface Cursor {
  find(): Promise<Place>;
  /** Looks at all epochs again: the store may have counted less than it had. */
  restart(): void;
}

/** @param epochs - Those of the journal. */
export function createCursor(
  epochs: readonly Epoch[],
  store: Pick<StoreWriter, 'position'>,
): Cursor {
  let left = epochs;
  return {
    find: async () => {
      const place = await findPlace(left, store);
      // What is counted to its end stays so.
      left = left.slice(left.indexOf(place.epoch));
      return place;
    },
    restart: () => {
      left = epochs;
    },
  };
}
