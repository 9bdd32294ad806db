/** How many reports of a day something happened to that has to do with counting. */
export interface QualityCount {
  /** As `GET /v1/stats/quality` names it; refusals are `rejected:` and a code. */
  readonly kind: string;
  readonly observed: number;
  /** How many there are on other days, on average. */
  readonly usual: number;
}

/** Kinds that can keep people out of a day's count. */
const RELEVANT = new Set([
  'late',
  'delayed',
  'clock_corrected',
  'day_uncertain',
  'timestamps_clamped',
  'too_old',
  'uncountable',
  'lost_in_restore',
  'unknown_losses',
]);

const isRelevant = (kind: string): boolean => RELEVANT.has(kind) || kind.startsWith('rejected:');

/** A kind is a problem if it is large enough for so much of the missing number. */
const LEAST_SHARE = 0.2;

/** By chance a count differs by its root; so many of them are no chance. */
const CHANCES = 3;

/**
 * What says that a fall has to do with counting, the largest first: it is likelier than that people
 * have stopped.
 *
 * @param missing - How much less came than was expected.
 */
export function findCountingProblems(
  missing: number,
  counts: readonly QualityCount[],
): readonly QualityCount[] {
  const excessOf = ({ observed, usual }: QualityCount): number => observed - usual;
  return counts
    .filter((one) => {
      if (!isRelevant(one.kind)) return false;
      // Nobody knows how much each of these stands for.
      if (one.kind === 'unknown_losses') return one.observed > 0;
      const excess = excessOf(one);
      return excess > CHANCES * Math.sqrt(one.usual + 1) && excess >= LEAST_SHARE * missing;
    })
    .sort((a, b) => excessOf(b) - excessOf(a) || (a.kind < b.kind ? -1 : 1));
}
