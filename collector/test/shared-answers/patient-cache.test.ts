import { describe, expect, it } from 'vitest';
import type { CacheLink } from '../../src/shared-answers/cache-link.js';
import { createPatientCache } from '../../src/shared-answers/patient-cache.js';
import { until } from '../support/until.js';

/** A cache whose server does as it is told, on clocks that stand still. */
function create({ waitMs = 60_000 } = {}) {
  const values = new Map<string, Buffer>();
  const told: string[] = [];
  const server: {
    does: 'work' | 'refuse' | 'stall' | 'be-away';
    end?: (error: Error) => void;
    attempts: number;
    links: number;
  } = { does: 'work', attempts: 0, links: 0 };
  let monotonicMs = 0;
  const answer = async <Value>(value: () => Value): Promise<Value> => {
    await Promise.resolve();
    if (server.does === 'stall') return new Promise(() => undefined);
    if (server.does === 'refuse') throw new Error('OOM');
    return value();
  };
  const cache = createPatientCache({
    open: async (onEnd) => {
      server.attempts++;
      await Promise.resolve();
      if (server.does === 'be-away') throw new Error('ECONNREFUSED');
      server.links++;
      let isOpen = true;
      const link: CacheLink = {
        get isOpen() {
          return isOpen;
        },
        get: (name) => answer(() => values.get(name)),
        set: (name, value) => answer(() => void values.set(name, value)),
        close: () => {
          if (isOpen) server.links--;
          isOpen = false;
        },
      };
      server.end = (error) => {
        link.close();
        onEnd(error);
      };
      return link;
    },
    ...{ waitMs, maxBytes: 100, keptMs: 1000, probeName: 'probe' },
    now: () => new Date(monotonicMs),
    monotonicMs: () => monotonicMs,
    onFailure: (kind) => told.push(kind),
    onRecovery: () => told.push('helps'),
  });
  return { cache, server, told, values, pass: (ms: number) => (monotonicMs += ms) };
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const VALUE = Buffer.from('value');

describe('a cache that is never waited for', () => {
  it('gives what was put into it', async () => {
    const { cache, told } = create();
    await cache.begin();
    cache.set('a', VALUE);
    expect(await cache.get('a')).toEqual(VALUE);
    expect(await cache.get('b')).toBeUndefined();
    expect(told).toEqual([]);
  });

  it('is asked again only after a pause, which grows up to half a minute', async () => {
    const { cache, server, told, pass } = create();
    server.does = 'be-away';
    await cache.begin();
    expect(cache.trouble()).toMatchObject({ kind: 'down', since: new Date(0) });
    const waits: number[] = [];
    let waited = 0;
    for (let second = 0; second < 200; second++) {
      const before = server.attempts;
      // Many questions at once are one attempt.
      await Promise.all(Array.from({ length: 20 }, () => cache.get('a')));
      await settle();
      if (server.attempts > before) {
        expect(server.attempts).toBe(before + 1);
        waits.push(waited);
        waited = 0;
      }
      pass(1000);
      waited++;
    }
    expect(waits).toEqual([1, 2, 4, 8, 16, 30, 30, 30, 30, 30]);
    expect(told).toEqual(Array.from({ length: 11 }, () => 'down'));

    server.does = 'work';
    pass(30_000);
    await cache.begin();
    await settle();
    expect(cache.trouble()).toBeUndefined();
    expect(told.at(-1)).toBe('helps');
  });

  it('is left after a bound where it stalls, and nobody waits for it afterwards', async () => {
    const { cache, server, told, pass } = create({ waitMs: 1 });
    await cache.begin();
    server.does = 'stall';
    const asked = await Promise.all(['a', 'b', 'c'].map((name) => cache.get(name)));
    expect(asked).toEqual([undefined, undefined, undefined]);
    expect(told).toEqual(['slow']);
    expect(server).toMatchObject({ links: 0, attempts: 1 });
    // In the pause nothing is asked of it at all.
    expect(await cache.get('a')).toBeUndefined();
    expect(told).toEqual(['slow']);
    pass(1000);
    server.does = 'work';
    await cache.begin();
    cache.set('a', VALUE);
    expect(await cache.get('a')).toEqual(VALUE);
    expect(server).toMatchObject({ links: 1, attempts: 2 });
  });

  it('does not help by taking connections alone', async () => {
    const { cache, server, told, pass } = create({ waitMs: 1 });
    server.does = 'be-away';
    await cache.begin();
    server.does = 'stall';
    pass(1000);
    await cache.begin();
    await until('it is given up', () => told.length > 1);
    expect(told).toEqual(['down', 'slow']);
    expect(cache.trouble()).toMatchObject({ kind: 'slow', since: new Date(0) });
    expect(server.links).toBe(0);
  });

  it('takes no more than some values that nobody takes from it', async () => {
    const { cache, server, values } = create();
    await cache.begin();
    server.does = 'stall';
    for (let n = 0; n < 1000; n++) cache.set(`${n}`, VALUE);
    cache.set('large', Buffer.alloc(101));
    server.does = 'work';
    await settle();
    expect(values.size).toBeLessThanOrEqual(16);
  });

  it('that takes no values is asked nevertheless, and tells that until it takes one', async () => {
    const { cache, server, told } = create();
    await cache.begin();
    server.does = 'refuse';
    cache.set('a', VALUE);
    await settle();
    expect(told).toEqual(['refused']);
    server.does = 'work';
    expect(await cache.get('a')).toBeUndefined();
    expect(cache.trouble()).toMatchObject({ kind: 'refused' });
    cache.set('a', VALUE);
    await settle();
    expect(cache.trouble()).toBeUndefined();
    expect(server).toMatchObject({ links: 1, attempts: 1 });
  });

  it('is connected anew once its connection was lost', async () => {
    const { cache, server, told, pass } = create();
    await cache.begin();
    server.end?.(new Error('ECONNRESET'));
    expect(await cache.get('a')).toBeUndefined();
    expect(told).toEqual(['down']);
    pass(1000);
    // As `GET /health` does, where nobody asks.
    cache.trouble();
    await settle();
    expect(cache.trouble()).toBeUndefined();
    expect(told).toEqual(['down', 'helps']);
    cache.close();
    expect(server.links).toBe(0);
    pass(60_000);
    expect(await cache.get('a')).toBeUndefined();
    expect(server.attempts).toBe(2);
  });
});
