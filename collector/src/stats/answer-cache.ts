import type { Written } from './answer.js';

/** Keeps answers, and computes those that are asked for at the same time once. */
export interface AnswerCache<Answer extends Written> {
  /**
   * @param key - Everything that the answer depends on.
   * @param compute - Called if no answer with the key is known or on its way.
   * @param isOfKey - Whether what was computed may be used again; always without it.
   */
  get(
    key: string,
    compute: () => Promise<Answer>,
    isOfKey?: (answer: Answer) => boolean,
  ): Promise<Answer>;
}

/** Creates a cache that keeps the answers used last, up to some bytes of bodies and keys. */
export function createAnswerCache<Answer extends Written>(maxBytes: number): AnswerCache<Answer> {
  const known = new Map<string, Answer>();
  const onTheWay = new Map<string, Promise<Answer>>();
  let bytes = 0;

  const drop = (key: string): void => {
    const answer = known.get(key);
    if (answer === undefined) return;
    known.delete(key);
    bytes -= sizeOf(key, answer);
  };
  const keep = (key: string, answer: Answer): void => {
    const size = sizeOf(key, answer);
    if (size > maxBytes) return;
    for (const oldest of known.keys()) {
      if (bytes + size <= maxBytes) break;
      drop(oldest);
    }
    known.set(key, answer);
    bytes += size;
  };

  return {
    get: async (key, compute, isOfKey = () => true) => {
      const answer = known.get(key);
      if (answer !== undefined) {
        // The last place is that of the answer used last.
        known.delete(key);
        known.set(key, answer);
        return answer;
      }
      const other = onTheWay.get(key);
      if (other !== undefined) return other;
      const own = compute();
      onTheWay.set(key, own);
      try {
        const computed = await own;
        if (isOfKey(computed)) keep(key, computed);
        return computed;
      } finally {
        onTheWay.delete(key);
      }
    },
  };
}

/** Characters of a key take one or two bytes. */
const sizeOf = (key: string, { body }: Written): number => body.byteLength + 2 * key.length;
