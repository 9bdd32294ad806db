import type { CrossedCounts } from '../questions.js';

/** Projects may have the same values. */
export function addUpCrossed(parts: readonly CrossedCounts[]): CrossedCounts[] {
  const sums = new Map<string, CrossedCounts>();
  for (const part of parts) {
    const key = JSON.stringify(part.values);
    const sum = sums.get(key);
    const counts = sum?.counts.map((n, at) => n + (part.counts[at] ?? 0)) ?? part.counts;
    sums.set(key, { values: part.values, counts });
  }
  return [...sums.values()];
}
