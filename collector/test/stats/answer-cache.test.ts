import { describe, expect, it } from 'vitest';
import type { Written } from '../../src/stats/answer.js';
import { createAnswerCache } from '../../src/stats/answer-cache.js';

const answerOf = (bytes: number): Written => ({
  body: new Uint8Array(bytes),
  headers: {},
  digest: '',
});

/** A cache that notes what it had to compute; every key has one character. */
function open(maxBytes: number) {
  const cache = createAnswerCache(maxBytes);
  const computed: string[] = [];
  const get = (key: string, bytes = 98): Promise<Written> =>
    cache.get(key, () => {
      computed.push(key);
      return Promise.resolve(answerOf(bytes));
    });
  return { cache, computed, get };
}

describe('the cache of answers', () => {
  it('computes once what is asked for at the same time, and again later', async () => {
    const { get, computed } = open(1000);
    const all = await Promise.all(Array.from({ length: 100 }, () => get('a')));
    expect(new Set(all).size).toBe(1);
    expect(await get('a')).toBe(all[0]);
    expect(computed).toEqual(['a']);
  });

  it('drops the answers that were used longest ago, by their bytes', async () => {
    const { get, computed } = open(300);
    for (const key of ['a', 'b', 'c', 'a', 'd', 'a', 'b']) await get(key);
    expect(computed).toEqual(['a', 'b', 'c', 'd', 'b']);
  });

  it('keeps no answer that is larger than all of it', async () => {
    const { get, computed } = open(300);
    await get('a');
    await get('b', 299);
    await get('b', 299);
    await get('a');
    expect(computed).toEqual(['a', 'b', 'b']);
  });

  it('does not keep a failure', async () => {
    const { cache, get } = open(1000);
    await expect(cache.get('a', () => Promise.reject(new Error('busy')))).rejects.toThrow('busy');
    expect((await get('a')).body.byteLength).toBe(98);
  });
});
