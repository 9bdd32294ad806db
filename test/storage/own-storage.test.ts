import { afterEach, describe, expect, it, vi } from 'vitest';
import { createHeadcountOn } from '../../src/headcount.js';
import { instances } from '../../src/instances.js';
import type { Storage } from '../../src/storage/storage.js';
import { fakePlatform } from '../support/fake-platform.js';

afterEach(() => instances().clear());

const VALUES = ['get', 'set', 'setIfAbsent', 'remove'];
const OUTBOX = [
  ...['append', 'seal', 'list', 'claim', 'rewrite', 'remove', 'release'],
  ...['bound', 'lose', 'lostTotal'],
];
const MANNERS = {
  throws: () => {
    throw new Error('no');
  },
  rejects: () => Promise.reject(new Error('no')),
  hangs: () => new Promise(() => undefined),
  'answers nonsense': () => Symbol('nonsense'),
};

describe('an app’s own storage', () => {
  it.each(Object.entries(MANNERS))('that %s never harms the host', async (manner, method) => {
    const rejections = vi.fn();
    process.on('unhandledRejection', rejections);
    const methods = (names: string[]) => Object.fromEntries(names.map((name) => [name, method]));
    // The cast: it is wrong on purpose.
    const storage = { ...methods(VALUES), outbox: methods(OUTBOX) } as unknown as Storage;
    const platform = fakePlatform();
    const headcount = createHeadcountOn(platform, {
      project: 'acme-cli',
      endpoint: 'https://stats.acme.dev',
      storage,
    });
    for (let count = 0; count < 3; count += 1) headcount.track();
    platform.advance(2_000);
    const flushed = headcount.flush({ timeoutMs: 50 });
    platform.advance(50);
    expect(await flushed).toMatchObject({ sent: 0 });
    platform.exit();
    const closed = headcount.close({ timeoutMs: 50 });
    platform.advance(50);
    await closed;
    await new Promise((resolve) => setImmediate(resolve));
    process.off('unhandledRejection', rejections);
    // A choice that cannot be read may be no; one that does not come may still be yes.
    const rule = manner === 'hangs' ? 'default' : 'unreadable-choice';
    expect(headcount.status()).toMatchObject({ consent: { rule } });
    expect(rejections).not.toHaveBeenCalled();
  });
});
