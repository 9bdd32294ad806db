import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Headcount } from '../../src/api.js';
import { totalDropped } from '../../src/drop-reasons.js';
import { createHeadcountOn } from '../../src/headcount.js';
import { instances } from '../../src/host/platform/instances.js';
import type { KeyValueStorage } from '../../src/storage/storage.js';
import { type FakePlatform, fakePlatform } from '../support/fake-platform.js';

/** What a store is asked, by any names. */
export interface StoreCalls {
  readonly get: (key: string) => unknown;
  readonly set: (key: string, value: string) => unknown;
  readonly remove: (key: string) => unknown;
}

/** How one of its calls fails, and the word of the warning about it. */
const MANNERS: Record<string, { readonly call: () => unknown; readonly word: string }> = {
  hangs: { call: () => new Promise(() => undefined), word: 'does not answer' },
  rejects: { call: () => Promise.reject(new Error('ECONNREFUSED')), word: 'fails' },
  throws: {
    call: () => {
      throw new Error('of the store');
    },
    word: 'fails',
  },
};

/**
 * What must hold for an app's storage, whatever its store does: it harms and delays nobody, each
 * report is counted, and the status says what does not work. `open` makes a storage of a store.
 */
export function hostileStoreContract(
  name: string,
  open: (calls: StoreCalls) => KeyValueStorage,
): void {
  afterEach(() => instances().clear());

  describe.each(Object.entries(MANNERS))(`${name} whose store %s`, (manner, { call, word }) => {
    const start = (broken: Partial<StoreCalls>): [Headcount, FakePlatform] => {
      const values = new Map<string, string>();
      const store: StoreCalls = {
        get: (key) => Promise.resolve(values.get(key)),
        set: (key, value) => Promise.resolve(values.set(key, value)),
        remove: (key) => Promise.resolve(values.delete(key)),
        ...broken,
      };
      const platform = fakePlatform();
      const endpoint = 'https://stats.acme.dev';
      const storage = open(store);
      const headcount = createHeadcountOn(platform, { project: 'acme-cli', endpoint, storage });
      return [headcount, platform];
    };
    const warningOf = (headcount: Headcount): string | undefined =>
      headcount.status().warnings.find(({ reason }) => reason === 'storage-failed')?.text;

    it('in get: each report that waited for the choice is counted as dropped', async () => {
      const [headcount, platform] = start({ get: call });
      headcount.track();
      headcount.track();
      const isThrown = manner === 'throws' && headcount.status().queued === 0; // told at once
      const closing = headcount.close();
      await passes(platform, 3_000);
      const dropped = isThrown ? 0 : 2; // where telemetry is known to be off, no report is made
      expect(await closing).toEqual({ sent: 0, queued: 0, dropped });
      const { reason, queued, dropped: reasons } = headcount.status();
      expect({ reason, queued }).toEqual({ reason: 'unreadable-choice', queued: 0 });
      expect(reasons).toEqual(isThrown ? {} : { 'storage-failed': 2 });
      expect(warningOf(headcount)).toContain(word);
      expect(warningOf(headcount)).toContain('get');
      await passes(platform, 3_000);
      expect(platform.handles()).toBe(0);
    });

    it('in get: a close() that cannot wait so long counts them too', async () => {
      const [headcount, platform] = start({ get: call });
      headcount.track();
      const closing = headcount.close({ timeoutMs: 0 });
      await passes(platform, 1);
      const { dropped } = await closing;
      const status = headcount.status();
      expect(status.queued).toBe(0);
      expect(dropped).toBe(totalDropped(status.dropped));
    });

    it('in set: the user is told that the choice is not saved, and it holds here', async () => {
      const [headcount, platform] = start({ set: call });
      const choosing = headcount.optOut();
      await passes(platform, 3_000);
      expect(await choosing).toMatchObject({ ok: false });
      headcount.track();
      expect(headcount.status()).toMatchObject({ mode: 'off', dropped: {}, queued: 0 });
      expect(warningOf(headcount)).toContain(word);
      expect(warningOf(headcount)).toContain('set');
    });

    it('in all: ends without waiting, and without an unhandled rejection', async () => {
      const rejections = vi.fn();
      process.on('unhandledRejection', rejections);
      const [headcount, platform] = start({ get: call, set: call, remove: call });
      headcount.track();
      platform.end();
      expect(platform.childJobs).toEqual([]);
      await passes(platform, 3_000);
      process.off('unhandledRejection', rejections);
      expect(rejections).not.toHaveBeenCalled();
    });
  });

  describe(`${name} whose store was silent`, () => {
    it('reports again when it answers again', async () => {
      const platform = fakePlatform();
      let answer: (value: undefined) => void = () => undefined;
      let get = (): unknown => new Promise((resolve) => (answer = resolve));
      const storage = open({ get: () => get(), set: () => undefined, remove: () => undefined });
      const headcount = createHeadcountOn(platform, { project: 'acme-cli', storage });
      headcount.track();
      await passes(platform, 2_000);
      expect(headcount.status()).toMatchObject({
        mode: 'off',
        dropped: { 'storage-failed': 1 },
      });
      get = () => Promise.resolve(undefined);
      answer(undefined);
      await passes(platform, 2_000);
      headcount.status(); // asks again
      await passes(platform, 1);
      headcount.track();
      const { mode, queued, dropped, warnings } = headcount.status();
      expect({ mode, queued, dropped }).toEqual({
        mode: 'on',
        queued: 1,
        dropped: { 'storage-failed': 1 },
      });
      expect(warnings.filter(({ reason }) => reason === 'storage-failed')).toEqual([]);
    });
  });
}

/** Lets time pass in small steps, and what waits for promises happen in between. */
async function passes(platform: FakePlatform, ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= 250) {
    platform.advance(Math.min(left, 250));
    await new Promise((resolve) => setImmediate(resolve));
  }
}
