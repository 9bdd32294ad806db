/** Numbers from 0 to 1 that are the same for the same seed (mulberry32). */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A normal number with mean 0 and deviation 1. */
export const normal = (random: () => number): number =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

/** A count with a mean: by chance, as people come. */
export function countBy(random: () => number, mean: number): number {
  if (mean > 50) return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal(random)));
  let count = 0;
  for (let product = random(); product > Math.exp(-mean); product *= random()) count++;
  return count;
}

/** Daily people of a project: fewer at week-ends, a little growth, 3 % noise, and chance. */
export function peopleBy(seed: number, base: number, days: number): number[] {
  const random = createRandom(seed);
  return Array.from({ length: days }, (_, day) => {
    const weekday = day % 7 > 4 ? -0.4 : 0.02 * (day % 7);
    return countBy(random, base * Math.exp(weekday + 0.001 * day + 0.03 * normal(random)));
  });
}
