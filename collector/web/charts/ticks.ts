const FACTORS = [1, 2, 2.5, 5];
const MOST_STEPS = 4;

/**
 * The values of the gridlines: round ones, zero always among them, around all values. Whole numbers for
 * counts; any for shares and times.
 */
export function valueTicks(
  low: number,
  high: number,
  { whole = true }: { readonly whole?: boolean } = {},
): readonly number[] {
  const bottom = Math.min(0, low);
  const top = Math.max(0, high);
  if (bottom === 0 && top === 0) return whole ? [0, 1] : [0];
  const mostSteps = bottom < 0 && top > 0 ? MOST_STEPS + 1 : MOST_STEPS;
  const step = stepFor(bottom, top, mostSteps, whole);
  const first = Math.ceil(-bottom / step - EPSILON);
  const last = Math.ceil(top / step - EPSILON);
  return Array.from({ length: first + last + 1 }, (_, i) => round((i - first) * step, step));
}

/** Dividing by a step such as 0.2 may come out a little above a whole number. */
const EPSILON = 1e-9;

function stepFor(bottom: number, top: number, mostSteps: number, whole: boolean): number {
  const least = 10 ** Math.floor(Math.log10((top - bottom) / mostSteps));
  const fits = (step: number): boolean =>
    Math.ceil(-bottom / step - EPSILON) + Math.ceil(top / step - EPSILON) <= mostSteps;
  for (let power = least; ; power *= 10) {
    const step = FACTORS.map((factor) => factor * power).find(
      (candidate) => fits(candidate) && (!whole || Number.isInteger(candidate)),
    );
    if (step !== undefined) return step;
  }
}

const round = (value: number, step: number): number => {
  const digits = Math.max(0, 2 - Math.floor(Math.log10(step)));
  return Number(value.toFixed(Math.min(digits, 20))) + 0;
};
