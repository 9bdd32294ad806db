/** How far a move is. */
export interface MoveProgress {
  /** What is done, for people. */
  readonly step: string;
  readonly done: number;
  readonly total: number;
}

/** Told again and again while a move runs. */
export type OnMoveProgress = (progress: MoveProgress) => void;

const BETWEEN_MS = 200;

/**
 * Shows how far a move is: in one line of a terminal, else in a line for each step.
 *
 * @param monotonicMs - A clock that is never set.
 */
export function showMoveProgress(
  stream: { readonly isTTY: boolean; readonly write: (text: string) => unknown },
  monotonicMs: () => number,
): { readonly onProgress: OnMoveProgress; readonly end: () => void } {
  let step: string | undefined;
  let shownAt = -Infinity;
  let beganAt = 0;
  return {
    onProgress: (progress) => {
      const now = monotonicMs();
      const isNew = progress.step !== step;
      if (isNew) beganAt = now;
      step = progress.step;
      if (!stream.isTTY) {
        if (isNew) stream.write(`${step}: ${progress.total}\n`);
        return;
      }
      if (!isNew && now - shownAt < BETWEEN_MS) return;
      shownAt = now;
      stream.write(`\r${describe(progress, now - beganAt)}\u001B[K`);
    },
    end: () => {
      if (stream.isTTY && step !== undefined) stream.write('\r\u001B[K');
    },
  };
}

function describe({ step, done, total }: MoveProgress, tookMs: number): string {
  const percent = total === 0 ? 100 : Math.min(100, Math.floor((100 * done) / total));
  const rate = tookMs < 1000 ? '' : `, ${Math.round((1000 * done) / tookMs)}/s`;
  return `${step}: ${done} of ${total}, ${percent} %${rate}`;
}
