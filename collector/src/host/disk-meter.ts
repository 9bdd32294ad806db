import type { StatsFs } from 'node:fs';

/** The disk of a folder. */
export interface DiskFacts {
  readonly totalBytes: number;
  /** What users other than the system's may still take. */
  readonly availableBytes: number;
  /** As `df` says it, from 0 to 100. */
  readonly usedPercent: number;
  /** When it is full if it goes on filling as it does; `null` if it does not or is not known yet. */
  readonly fullInMs: number | null;
}

export interface DiskSources {
  readonly statfs: () => Promise<Pick<StatsFs, 'bsize' | 'blocks' | 'bfree' | 'bavail'>>;
  readonly monotonicMs: () => number;
}

/** Measures a disk and how fast it fills. */
export interface DiskMeter {
  /** @throws If the disk does not tell. */
  measure(): Promise<DiskFacts>;
}

interface Reading {
  readonly atMs: number;
  readonly availableBytes: number;
}

const HOUR_MS = 3_600_000;

/** The time by which growth is judged at most, in milliseconds. */
const WINDOW_MS = 6 * HOUR_MS;

/** The least time between two readings that are kept, in milliseconds. */
const KEPT_EVERY_MS = HOUR_MS / 6;

/** Creates the meter. It keeps at most a reading every ten minutes, for six hours. */
export function createDiskMeter({ statfs, monotonicMs }: DiskSources): DiskMeter {
  const kept: Reading[] = [];
  return {
    measure: async () => {
      const { bsize, blocks, bfree, bavail } = await statfs();
      const now = { atMs: monotonicMs(), availableBytes: bavail * bsize };
      while (kept[1] !== undefined && now.atMs - kept[1].atMs >= WINDOW_MS) kept.shift();
      const last = kept.at(-1);
      if (last === undefined || now.atMs - last.atMs >= KEPT_EVERY_MS) kept.push(now);
      const used = blocks - bfree;
      return {
        totalBytes: blocks * bsize,
        availableBytes: now.availableBytes,
        usedPercent: used + bavail === 0 ? 0 : (used / (used + bavail)) * 100,
        fullInMs: foresee(kept, now),
      };
    },
  };
}

/** A file that was copied once is no growth: the disk must fill over all and over the last hour. */
function foresee(kept: readonly Reading[], now: Reading): number | null {
  const first = kept[0];
  const recent = kept.findLast(({ atMs }) => now.atMs - atMs >= HOUR_MS);
  if (first === undefined || recent === undefined) return null;
  const speedSince = ({ atMs, availableBytes }: Reading): number =>
    (availableBytes - now.availableBytes) / (now.atMs - atMs);
  const bytesPerMs = Math.min(speedSince(first), speedSince(recent));
  return bytesPerMs <= 0 ? null : now.availableBytes / bytesPerMs;
}
