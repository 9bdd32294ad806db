/** Reads on which days people were there, and two values of each on these days. */
export interface PersonReader {
  /**
   * Adds one to the counts of the two values of each person on each day, from the first day on.
   *
   * @param bytes - Of each person: the last day (4 bytes), the column `bits` (8), the length of `older` (1)
   *   and it, and whether the person counts (1); if so, the length of `runs` (4) and they.
   * @returns On how many days they were there, of all days that are kept.
   */
  readAll(bytes: Buffer, countsOf: (first: number, second: number) => number[]): number;
}

export interface PersonReaderOptions {
  /** Where the two values stand among a person's; -1 for none. */
  readonly places: readonly [number, number];
  /** Days, both included. */
  readonly from: number;
  readonly to: number;
}

const WORD = 32;
const WORDS = 2 * WORD;

/** Creates a reader that makes nothing for a person, since a question reads a hundred thousand. */
export function createPersonReader({ places, from, to }: PersonReaderOptions): PersonReader {
  const [firstPlace, secondPlace] = places;
  // The runs of one person, newest first.
  const lastDays: number[] = [];
  const firsts: number[] = [];
  const seconds: number[] = [];

  return {
    readAll: (bytes, countsOf) => {
      let at = 0;
      let activeDays = 0;
      const readNumber = (): number => {
        let number = 0;
        for (let factor = 1; ; factor *= 128) {
          const byte = bytes[at++] ?? 0;
          number += (byte & 127) * factor;
          if (byte < 128) return number;
        }
      };
      /** @returns How many there are. */
      const readRuns = (end: number, lastDay: number): number => {
        let runs = 0;
        let [first, second] = [0, 0];
        while (at < end) {
          lastDays[runs] = lastDay - readNumber();
          for (let bits = readNumber(), place = 0; bits > 0; bits >>= 1, place++) {
            if ((bits & 1) === 0) continue;
            const value = readNumber();
            if (place === firstPlace) first = value;
            if (place === secondPlace) second = value;
          }
          firsts[runs] = first;
          seconds[runs] = second;
          runs++;
        }
        return runs;
      };

      while (at < bytes.length) {
        const lastDay = bytes.readUInt32BE(at);
        const high = bytes.readUInt32BE(at + 4);
        const low = bytes.readUInt32BE(at + 8);
        const olderAt = at + 13;
        const olderEnd = olderAt + (bytes[at + 12] ?? 0);
        activeDays += bitsIn(high) + bitsIn(low);
        for (let older = olderAt; older < olderEnd; older++)
          activeDays += bitsIn(bytes[older] ?? 0);
        const wasThere = (ago: number): boolean => {
          if (ago < WORD) return ((low >>> ago) & 1) === 1;
          if (ago < WORDS) return ((high >>> (ago - WORD)) & 1) === 1;
          const byte = olderEnd - 1 - ((ago - WORDS) >> 3);
          return byte >= olderAt && (((bytes[byte] ?? 0) >> ((ago - WORDS) & 7)) & 1) === 1;
        };
        at = olderEnd + 1;
        if (bytes[olderEnd] === 0) continue;
        const length = bytes.readUInt32BE(at);
        at += 4;
        let run = readRuns(at + length, lastDay);
        let counts: number[] | undefined;
        for (let day = from; day <= Math.min(to, lastDay); day++) {
          if (!wasThere(lastDay - day)) continue;
          for (; run > 0 && (lastDays[run - 1] ?? 0) < day; run--) counts = undefined;
          // Before runs were kept, nothing is known.
          counts ??= countsOf(firsts[run - 1] ?? 0, seconds[run - 1] ?? 0);
          counts[day - from] = (counts[day - from] ?? 0) + 1;
        }
      }
      return activeDays;
    },
  };
}

/** How many bits of a number of 32 bits are set. */
function bitsIn(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555);
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
