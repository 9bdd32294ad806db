const STEPS = 7;
const FINEST = 0.01;

/**
 * The six shares at which a cell becomes one step darker: whole per cent, evenly spaced over the shares
 * that there are.
 */
export function rampSteps(shares: readonly number[]): readonly number[] {
  const low = Math.min(1, ...shares);
  const high = Math.max(low, ...shares);
  const step = Math.max(FINEST, Math.ceil(((high - low) / STEPS) * 100) / 100);
  const first = Math.floor(low * 100) / 100;
  return Array.from(
    { length: STEPS - 1 },
    (_, i) => Math.round((first + (i + 1) * step) * 100) / 100,
  );
}

/** The step of a share, from 0 to 6. */
export const rampStep = (share: number, steps: readonly number[]): number =>
  steps.filter((least) => share >= least).length;
