import { OTHER } from './limits.js';

/** Values of a distribution at most, `other` besides. */
export const MAX_SHARES = 100;

/** Values of a distribution in a stream at most, `other` besides. */
export const MAX_STREAMED_SHARES = 50;

/**
 * The values with most users; the users of all further ones count as `other`.
 *
 * @param shares - Most users first.
 */
export function topShares<Share extends { readonly value: string; readonly users: number }>(
  shares: readonly Share[],
  most = Infinity,
): { readonly value: string; readonly users: number }[] {
  const named = shares.filter(({ value }) => value !== OTHER);
  if (named.length <= most) return [...shares];
  const top = named.slice(0, most);
  const sum = (some: readonly Share[]): number => some.reduce((all, { users }) => all + users, 0);
  return [...top, { value: OTHER, users: sum(shares) - sum(top) }];
}
