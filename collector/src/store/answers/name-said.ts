import { activeDays } from '../../rules/activity-bits.js';
import type { SaidValues } from '../../rules/said-values.js';
import type { SaidValue } from '../questions.js';

/**
 * Names what a user said, in the order of dimensions and values.
 *
 * @param find - Finds what a value counts as; `undefined` for nothing.
 */
export function nameSaid(
  said: SaidValues<number>,
  find: (valueId: number) => Omit<SaidValue, 'days'> | undefined,
): SaidValue[] {
  const found = new Map<string, SaidValue>();
  for (const [id, days] of said) {
    const one = find(id);
    if (one === undefined) continue;
    const { dimension, value } = one;
    const key = `${dimension}\n${value}`;
    const all = new Set([...(found.get(key)?.days ?? []), ...activeDays(days)]);
    found.set(key, { dimension, value, days: [...all].sort((a, b) => a - b) });
  }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
}
