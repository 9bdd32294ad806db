import { type ListedFacts, looksExpected, type TextFact } from '../rules/fact-patterns.js';
import { foldFact, foldStart } from '../rules/fold-fact.js';
import { UNKNOWN } from '../rules/dimensions.js';
import { OTHER } from '../rules/limits.js';

/**
 * The value under which a fact counts: folded, and as its project's manifest spells it. If that lists
 * nothing, it must look like such facts do.
 *
 * @returns `undefined` if it may not be counted under a value of its own.
 */
export function findCounted(
  name: TextFact,
  text: string,
  listed: ListedFacts = {},
): string | undefined {
  const value = foldFact(name, text);
  const list = listed[name];
  if (value === UNKNOWN || value === OTHER) return value;
  if (list === undefined) return looksExpected(name, value) ? value : undefined;
  const lower = value.toLowerCase();
  for (const one of list) {
    if (one.endsWith('*')) {
      if (lower.startsWith(foldStart(name, one.slice(0, -1)))) return value;
      continue;
    }
    const folded = foldFact(name, one);
    if (folded.toLowerCase() === lower) return folded;
  }
  return undefined;
}
