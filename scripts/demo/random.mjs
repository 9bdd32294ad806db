// @ts-check

/**
 * Numbers from 0 to 1 that look like chance and are the same for the same seed (mulberry32).
 *
 * @param {number} seed
 * @returns {() => number}
 */
export function createRandom(seed) {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/**
 * Picks by weight.
 *
 * @template Value
 * @param {readonly (readonly [Value, number])[]} weighted
 * @param {() => number} random
 * @returns {Value}
 */
export function pick(weighted, random) {
  let left = random() * weighted.reduce((sum, [, weight]) => sum + weight, 0);
  for (const [value, weight] of weighted) {
    left -= weight;
    if (left < 0) return value;
  }
  const last = weighted[weighted.length - 1];
  if (last === undefined) throw new Error('There is nothing to pick from.');
  return last[0];
}
