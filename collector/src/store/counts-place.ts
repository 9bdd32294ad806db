/** Where the counts are kept. Threads get it, so it is of plain values. */
export type CountsPlace =
  | {
      readonly kind: 'sqlite';
      /** Of `counts.db`. */
      readonly path: string;
    }
  | {
      readonly kind: 'postgres';
      /** As `readStoreAddress()` reads it. */
      readonly address: string;
      /** The file of the data folder with the last timelines of the store's primaries. */
      readonly timelines?: string | undefined;
      /** A replica that questions go to. */
      readonly replica?: ReplicaPlace;
    };

/** Where a replica is, and what it must have to be asked. */
export interface ReplicaPlace {
  /** As `readStoreAddress()` reads it. */
  readonly address: string;
  /** The name of the node; `undefined` until its journal is open. */
  readonly node: string | undefined;
  /** The numbers of {@link REPLICA}, which the threads share. */
  readonly needed: SharedArrayBuffer;
}

/** What the threads share of a replica, by its place. */
export const REPLICA = {
  /** The mark of the node that it must have before it is asked instead of the primary. */
  mark: 0,
  /** 1 from when a question waited for it in vain, until it is seen close again. */
  behind: 1,
} as const;

/** Files of a data folder. */
interface PlacesInFolder {
  /** `counts.db` */
  readonly counts: string;
  /** The last timelines of a store's primaries. */
  readonly storeTimelines: string;
}

/** Where the counts are: in the data folder, or in a store that several collectors share. */
export function placeOf(
  { counts, storeTimelines: timelines }: PlacesInFolder,
  {
    store,
    readStore,
  }: { readonly store: string | undefined; readonly readStore: string | undefined },
): CountsPlace {
  if (store === undefined) return { kind: 'sqlite', path: counts };
  if (readStore === undefined) return { kind: 'postgres', address: store, timelines };
  const needed = new SharedArrayBuffer(2 * BigInt64Array.BYTES_PER_ELEMENT);
  const replica = { address: readStore, node: undefined, needed };
  return { kind: 'postgres', address: store, timelines, replica };
}

/** The place as those ask it who have to know the node. */
export const askedPlace = (place: CountsPlace, node: string): CountsPlace =>
  place.kind === 'postgres' && place.replica !== undefined
    ? { ...place, replica: { ...place.replica, node } }
    : place;

/** The place without a replica, for what needs the latest counts. */
export function latestPlace(place: CountsPlace): CountsPlace {
  if (place.kind === 'sqlite') return place;
  const { kind, address, timelines } = place;
  return { kind, address, timelines };
}
