/**
 * Under this key the `headcount` command hands over the hash of the events that a program has
 * declared: a choice belongs to them, and so does the notice. The events themselves it cannot know,
 * since their words are the author's and stand in no file of ours.
 */
export const DECLARED_HASH = Symbol.for('headcount/declared-hash');

/** That hash, where it was handed over. */
export function declaredHash(options: object): string | undefined {
  // The cast: whoever sets this key may set anything.
  const hash: unknown = (options as Readonly<Record<symbol, unknown>>)[DECLARED_HASH];
  return typeof hash === 'string' ? hash : undefined;
}
