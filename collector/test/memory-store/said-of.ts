import type { SaidValue } from '../../src/store/questions.js';
import type { Saying, StoredUser } from './memory.js';

/** The days on which each value was said, in the order of dimensions and values. */
export function bySaid(said: readonly Saying[]): SaidValue[] {
  const found = new Map<string, SaidValue>();
  for (const { dimension, value, day } of said) {
    const key = `${dimension}\n${value}`;
    const days = new Set([...(found.get(key)?.days ?? []), day]);
    found.set(key, { dimension, value, days: [...days].sort((a, b) => a - b) });
  }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
}

/** What a user has said, as far as no cleaning took it. */
export const saidOf = ({ said }: StoredUser): Saying[] =>
  said.filter(({ takenBy }) => takenBy.size === 0);
