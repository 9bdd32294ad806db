import { describe, expect, it } from 'vitest';
import { compareTimes } from '../../src/check/compare-times.js';

/** A delay of at most 500 ms is allowed. */
const compare = (off: number[], on: number[]) => compareTimes(off, on, 500);

describe('how much later a program ends', () => {
  it('is clear at once where times are steady', () => {
    expect(compare([40, 45, 42], [55, 60, 50])).toMatchObject({ isLate: false, isClear: true });
    const late = compare([40, 45, 42], [3050, 3055, 3052]);
    expect(late).toMatchObject({ isLate: true, isClear: true, laterMs: 3010, pairs: 3 });
  });

  it('is no delay of the program if a busy machine made some runs longer', () => {
    // The middle of the pairs is 640 ms.
    const few = compare([400, 450, 900], [1040, 1100, 950]);
    expect(few.isClear).toBe(false);
    const more = compare([400, 450, 900, 420, 1200, 700], [1040, 1100, 950, 430, 800, 1300]);
    expect(more).toMatchObject({ isLate: false, isClear: true });
  });

  it('is found on a busy machine, in every run', () => {
    const off = [400, 450, 900, 420, 1200, 700, 410, 1300];
    const on = off.toReversed().map((ms) => ms + 700);
    expect(compare(off, on)).toMatchObject({ isLate: true, laterMs: 700 });
  });

  it('is asked for again before it counts, where it is not much more than allowed', () => {
    const steady = [40, 45, 42];
    const on = steady.map((ms) => ms + 700);
    expect(compare(steady, on)).toMatchObject({ isLate: true, isClear: false });
    expect(compare([...steady, ...steady], [...on, ...on])).toMatchObject({
      isLate: true,
      isClear: true,
    });
  });

  it('is found if most runs have it, and others have not', () => {
    expect(compare([40, 45, 42, 41, 44], [50, 3050, 3055, 45, 3040])).toMatchObject({
      isLate: true,
      laterMs: 2996,
    });
  });
});
