import type { NewestCount } from '../questions.js';

/** Projects may have the same values. */
export function addUpNewest(parts: readonly NewestCount[]): NewestCount[] {
  const sums = new Map<string, NewestCount>();
  for (const part of parts) {
    const key = JSON.stringify([part.of, part.value]);
    sums.set(key, { ...part, n: part.n + (sums.get(key)?.n ?? 0) });
  }
  return [...sums.values()].sort(
    (a, b) => compareText(a.of ?? '', b.of ?? '') || compareText(a.value, b.value),
  );
}

const compareText = (a: string, b: string): number => (a < b ? -1 : Number(a > b));
