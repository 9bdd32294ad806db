import { afterEach, describe, expect, it, vi } from 'vitest';
import { isHeadcountError } from '../../src/errors.js';
import { createHeadcountOn } from '../../src/headcount.js';
import { instances } from '../../src/host/platform/instances.js';
import { fileStorage } from '../../src/storage/file-storage.js';
import { memoryStorage } from '../../src/storage/memory-storage.js';
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
  it.each(Object.entries(MANNERS))('that %s never harms the host', async (_manner, method) => {
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
    platform.end();
    const closed = headcount.close({ timeoutMs: 50 });
    platform.advance(50);
    await closed;
    await new Promise((resolve) => setImmediate(resolve));
    process.off('unhandledRejection', rejections);
    // A choice that cannot be read, or does not come, may be no.
    expect(headcount.status()).toMatchObject({ consent: { rule: 'unreadable-choice' } });
    expect(rejections).not.toHaveBeenCalled();
  });
});

const refuse = (): never => {
  throw new Error('of the adapter');
};
const throwing = (property: string): Storage =>
  Object.defineProperty(memoryStorage(), property, { get: refuse });
const revoked = (): Storage => {
  const { proxy, revoke } = Proxy.revocable(memoryStorage(), {});
  revoke();
  return proxy;
};

describe('an app’s own storage that cannot be looked at', () => {
  it.each<[string, () => Storage]>([
    ['has an outbox that throws', () => throwing('outbox')],
    ['has an isPersistent that throws', () => throwing('isPersistent')],
    ['has a method that throws when it is read', () => throwing('setIfAbsent')],
    ['has a kind that throws', () => throwing('kind')],
    [
      'has an outbox with a method that throws',
      () => ({
        ...memoryStorage(),
        outbox: Object.defineProperty(memoryStorage().outbox, 'seal', { get: refuse }),
      }),
    ],
    ['is a proxy that throws', () => new Proxy(memoryStorage(), { get: refuse })],
    ['is a proxy that was revoked', revoked],
  ])('since it %s is a mistake in the options', (_how, storage) => {
    let thrown: unknown;
    try {
      createHeadcountOn(fakePlatform(), { project: 'acme-cli', storage: storage() });
    } catch (error) {
      thrown = error;
    }
    expect(isHeadcountError(thrown) && thrown.code).toBe('HEADCOUNT_ERR_INVALID_OPTION');
    expect(thrown).toMatchObject({ option: 'storage' });
  });

  it.each(['outbox', 'isPersistent', 'get', 'kind'])(
    'is looked at once: %s may throw from then on',
    async (property) => {
      let isArmed = false;
      const target = memoryStorage();
      const own = new Proxy(target, {
        get: (_, name): unknown =>
          isArmed && name === property ? refuse() : Reflect.get(target, name),
        has: (_, name) => (isArmed ? refuse() : Reflect.has(target, name)),
        ownKeys: () => (isArmed ? refuse() : Reflect.ownKeys(target)),
      });
      const platform = fakePlatform();
      const headcount = createHeadcountOn(platform, { project: 'acme-cli', storage: own });
      isArmed = true;
      headcount.track();
      expect(() => headcount.notice()).not.toThrow();
      expect(headcount.status()).toMatchObject({ project: 'acme-cli' });
      await headcount.optOut();
      platform.end();
    },
  );

  it('of a kind of its own is no file storage for that', () => {
    const platform = fakePlatform();
    const storage = Object.assign(memoryStorage(), { kind: 'redis' });
    const headcount = createHeadcountOn(platform, { project: 'acme-cli', storage });
    headcount.track();
    expect(headcount.status()).toMatchObject({ storage: 'custom', queued: 1 });
  });

  it.each(['', 7, null])('refuses %o as the folder of a file storage', (folder) => {
    const storage = fileStorage({ folder: folder as string }); // the cast: it is wrong on purpose
    expect(() => createHeadcountOn(fakePlatform(), { project: 'acme-cli', storage })).toThrow(
      /"storage" must be fileStorage\(\)/,
    );
  });
});
