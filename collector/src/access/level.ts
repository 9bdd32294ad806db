/** What a request may do, from the least to the most. Each level includes those before it. */
export const LEVELS = ['public', 'restricted', 'developer', 'administrator'] as const;

/** One of {@link LEVELS}. */
export type Level = (typeof LEVELS)[number];

/** Whether a level is the needed one or above it. */
export function atLeast(level: Level, needed: Level): boolean {
  return LEVELS.indexOf(level) >= LEVELS.indexOf(needed);
}
