import type { Change } from '../../../web/page/overview-changes.js';
import type { BreakdownAnswer } from './answers.js';

/** People by a dimension, in the last 28 days and in the 28 days before. */
export interface Shares {
  readonly now: BreakdownAnswer;
  readonly before: BreakdownAnswer;
}

export interface ShareAnswers {
  readonly events: Shares | undefined;
  readonly systems: Shares | undefined;
  readonly runtimes: Shares | undefined;
}

/** Shares that are worth a word when a value passes them. */
const LIMITS = [0.9, 0.75, 0.6, 0.5, 0.4, 0.3, 0.25, 0.2, 0.15, 0.1, 0.05];

/** Smaller changes of a share are chance, or of no interest. */
const LEAST_CHANGE = 0.02;
const LEAST_PASS = 0.01;

/** Fewer people are too few for a sentence about their share. */
const LEAST_PEOPLE = 20;

const NO_NAMES: readonly string[] = ['unknown', 'other'];

/** The event whose use has changed most, and the systems and runtimes that passed a round share. */
export function findShareChanges({ events, systems, runtimes }: ShareAnswers): readonly Change[] {
  return [
    ...(events === undefined ? [] : findUsed(events)),
    ...(runtimes === undefined ? [] : findPassed('runtime_version', runtimes)),
    ...(systems === undefined ? [] : findPassed('os', systems)),
  ];
}

interface Pair {
  readonly value: string;
  readonly share: number;
  readonly before: number;
}

function pairsOf({ now, before }: Shares): readonly Pair[] {
  // Without people in either span there is nothing to compare.
  if ((now.total ?? 0) < LEAST_PEOPLE || (before.total ?? 0) < LEAST_PEOPLE) return [];
  const [shares, sharesBefore] = [now, before].map(
    ({ rows }) => new Map(rows.map(({ value, share }) => [value, share])),
  );
  const values = new Set([...(shares?.keys() ?? []), ...(sharesBefore?.keys() ?? [])]);
  return [...values]
    .filter((value) => !NO_NAMES.includes(value))
    .map((value) => ({
      value,
      share: shares?.get(value) ?? 0,
      before: sharesBefore?.get(value) ?? 0,
    }));
}

const changeOf = ({ share, before }: Pair): number => Math.abs(share - before);

const largestFirst = (pairs: readonly Pair[]): Pair[] =>
  [...pairs].sort((a, b) => changeOf(b) - changeOf(a));

function findUsed(events: Shares): readonly Change[] {
  const [most] = largestFirst(pairsOf(events));
  if (most === undefined || changeOf(most) < LEAST_CHANGE) return [];
  return [{ kind: 'used', event: most.value, share: most.share, before: most.before }];
}

function findPassed(dimension: 'os' | 'runtime_version', shares: Shares): readonly Change[] {
  const passed = largestFirst(pairsOf(shares)).flatMap(({ value, share, before }): Change[] => {
    if (Math.abs(share - before) < LEAST_PASS) return [];
    const [low, high] = share > before ? [before, share] : [share, before];
    const limit = LIMITS.find((one) => low < one && one <= high);
    if (limit === undefined) return [];
    const kind = share > before ? 'passed' : 'dropped';
    return [{ kind, dimension, value, limit, share, before }];
  });
  return passed.slice(0, 1);
}
