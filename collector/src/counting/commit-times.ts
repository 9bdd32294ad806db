/** When the entries came on the disk that are not counted. */
export interface CommitTimes {
  /** Notes that everything up to a position is on disk. What was noted before stays as it is. */
  add(position: number, at: Date): void;
  /** Forgets what is counted. */
  forget(upTo: number): void;
  /** When the oldest of them came, or a little earlier; `null` if there are none. */
  readonly oldest: Date | null;
  /** The same for those after a position. */
  oldestAfter(position: number): Date | null;
}

/** Beyond so many moments, they are kept at wider steps: far behind, a minute says little. */
const MOST_MOMENTS = 200;

/** The first step, in milliseconds. */
const FIRST_STEP_MS = 100;

interface Commits {
  readonly at: Date;
  /** The last position of this commit, or of several within a step. */
  position: number;
}

/** Creates an empty list. However far counting is behind, it stays small. */
export function createCommitTimes(): CommitTimes {
  let kept: Commits[] = [];
  let stepMs = 0;
  const put = (one: Commits): void => {
    const last = kept.at(-1);
    if (last !== undefined && one.at.getTime() - last.at.getTime() < stepMs) {
      last.position = one.position;
    } else {
      kept.push(one);
    }
  };
  return {
    add: (position, at) => {
      if (position <= (kept.at(-1)?.position ?? 0)) return;
      put({ position, at });
      if (kept.length <= MOST_MOMENTS) return;
      stepMs = Math.max(FIRST_STEP_MS, 2 * stepMs);
      const all = kept;
      kept = [];
      for (const one of all) put(one);
    },
    forget: (upTo) => {
      const left = kept.findIndex(({ position }) => position > upTo);
      kept.splice(0, left === -1 ? kept.length : left);
      if (kept.length === 0) stepMs = 0;
    },
    get oldest() {
      return kept[0]?.at ?? null;
    },
    oldestAfter: (counted) => kept.find(({ position }) => position > counted)?.at ?? null,
  };
}
