import { describe, expect, it } from 'vitest';
import { findCountingProblems } from '../../src/forecast/find-counting-problems.js';

const kindsOf = (...args: Parameters<typeof findCountingProblems>): string[] =>
  findCountingProblems(...args).map(({ kind }) => kind);

describe('findCountingProblems', () => {
  it('finds refusals that can stand for what is missing, the largest first', () => {
    const counts = [
      { kind: 'rejected:busy', observed: 90, usual: 2 },
      { kind: 'rejected:rate_limited', observed: 400, usual: 10 },
    ];
    expect(kindsOf(300, counts)).toEqual(['rejected:rate_limited', 'rejected:busy']);
  });

  it('finds lost and late ones', () => {
    for (const kind of ['late', 'delayed', 'too_old', 'uncountable', 'lost_in_restore']) {
      expect(kindsOf(300, [{ kind, observed: 200, usual: 20 }])).toEqual([kind]);
    }
    expect(kindsOf(300, [{ kind: 'unknown_losses', observed: 1, usual: 0 }])).toEqual([
      'unknown_losses',
    ]);
  });

  it('finds nothing that is as usual, too small, or has nothing to do with counting', () => {
    const counts = [
      { kind: 'rejected:rate_limited', observed: 400, usual: 390 },
      { kind: 'rejected:busy', observed: 30, usual: 0 },
      { kind: 'accepted', observed: 900, usual: 20 },
      { kind: 'values_cut', observed: 900, usual: 0 },
      { kind: 'unknown_losses', observed: 0, usual: 0 },
    ];
    expect(kindsOf(300, counts)).toEqual([]);
  });
});
