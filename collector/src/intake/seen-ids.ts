/** A bounded memory of users' keyed hashes. */
export interface SeenIds {
  /** Whether a hash was added. It says yes for one of 250 that were not, and no for very old ones. */
  has(uid: Buffer): boolean;
  add(uid: Buffer): void;
}

/** Bits of one generation: 1 MiB. */
const BITS = 2 ** 23;

/** IDs of one generation, so that no more than one of 250 is taken for another. */
const MAX_IDS = 600_000;

/** Bits of each ID. */
const PLACES = 4;

/**
 * Two Bloom filters that take turns: when the newer is full, the older is forgotten. The hashes are
 * random already, so parts of them are the places of their bits.
 */
export function createSeenIds(bits = BITS, maxIds = MAX_IDS): SeenIds {
  let newer = new Uint8Array(bits / 8);
  let older = new Uint8Array(bits / 8);
  let ids = 0;
  const placeOf = (uid: Buffer, n: number): number => uid.readUInt32LE(4 * n) % bits;
  const isIn = (filter: Uint8Array, uid: Buffer): boolean => {
    for (let n = 0; n < PLACES; n++) {
      const place = placeOf(uid, n);
      if (((filter[place >> 3] ?? 0) & (1 << (place & 7))) === 0) return false;
    }
    return true;
  };
  return {
    has: (uid) => isIn(newer, uid) || isIn(older, uid),
    add: (uid) => {
      if (isIn(newer, uid)) return;
      if (++ids > maxIds) {
        [newer, older] = [older, newer];
        newer.fill(0);
        ids = 1;
      }
      for (let n = 0; n < PLACES; n++) {
        const place = placeOf(uid, n);
        newer[place >> 3] = (newer[place >> 3] ?? 0) | (1 << (place & 7));
      }
    },
  };
}
