import type { Epoch } from '../journal/epochs.js';
import type { StoreWriter } from '../store/store.js';
import { StoreDownError } from '../store-down-error.js';

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

/**
 * @param epochs - Those of the journal.
 * @param lastOf - Tells the position of the last entry that was ever written.
 */
export function createCursor(
  epochs: readonly Epoch[],
  store: Pick<StoreWriter, 'position'>,
  lastOf: () => number,
): Cursor {
  let left = epochs;
  let last = 0;
  let counted = 0;
  return {
    find: async () => {
      const place = await findPlace(left, store);
      if (place.position > last) last = lastOf();
      if (place.position > last) throw new StoreDownError(explainAhead(place, last, counted));
      counted = place.position;
      // What is counted to its end stays so.
      left = left.slice(left.indexOf(place.epoch));
      return place;
    },
    restart: () => {
      left = epochs;
    },
  };
}

/** What is written next would be taken for counted, and be forgotten. */
const explainAhead = ({ epoch, position }: Place, last: number, counted: number): string =>
  `The store cannot be used: it has ${position} entries of the journal ${epoch.id}, which has ${last}. ` +
  'Correct that before this collector starts again: ' +
  `UPDATE positions SET position = ${counted} WHERE journal_id = '${epoch.id}'.`;
