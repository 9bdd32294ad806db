/** Words by which programs say that they run in no build farm, or that nobody has set it. */
const NO_WORDS = new Set([
  ...['f', 'false', 'n', 'no', 'not', 'never', 'none', 'nil', 'null', 'undefined', 'unset'],
  ...['off', 'disabled', 'nan', 'na', 'n/a', 'inf', 'infinity'],
]);

/**
 * Whether the `ci` of a report clearly says that a build farm sent it: a yes, or a name. Whatever is
 * not clear is a person, since a person who is taken for a build farm is not counted.
 */
export function isBuildFarm(ci: unknown): boolean {
  if (typeof ci === 'boolean' || typeof ci === 'number') return Number(ci) === 1;
  if (typeof ci !== 'string') return false;
  const word = ci.trim().toLowerCase();
  if (!Number.isNaN(Number(word))) return Number(word) === 1;
  return /\p{L}/u.test(word) && !NO_WORDS.has(word.replace(/^[+-]/, ''));
}
