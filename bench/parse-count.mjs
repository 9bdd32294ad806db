// @ts-check

/**
 * The number that an option was given.
 *
 * @param {string} name
 * @param {string | undefined} text
 */
export function parseCount(name, text) {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1) throw new Error(`${name} takes whole numbers from 1`);
  return count;
}
