import { describe, expect, it } from 'vitest';
import { knownCollectors, rememberCollector } from '../../src/delivery/known-collectors.js';
import { memoryStorage } from '../../src/storage/memory-storage.js';

const urlsIn = async (storage = memoryStorage()): Promise<string[]> =>
  (await knownCollectors(storage)).map(({ url }) => url);

const stored = (text: string) => {
  const storage = memoryStorage();
  void storage.set('collectors', text);
  return storage;
};

describe('the collectors that have acknowledged reports', () => {
  it('are none at first', async () => {
    expect(await urlsIn()).toEqual([]);
  });

  it('are kept once each, in the order of their first acknowledgement', async () => {
    const storage = memoryStorage();
    for (const host of ['b', 'a', 'b']) {
      expect(await rememberCollector(storage, `https://${host}.example/v1/reports`)).toBe(true);
    }
    expect(await storage.get('collectors')).toBe(
      '["https://b.example/v1/reports","https://a.example/v1/reports"]',
    );
  });

  it('are at most 50: the last ones', async () => {
    const storage = memoryStorage();
    for (let n = 0; n < 60; n += 1) await rememberCollector(storage, `https://h${n}.example/x`);
    const urls = await urlsIn(storage);
    expect(urls).toHaveLength(50);
    expect(urls.at(0)).toBe('https://h10.example/x');
    expect(urls.at(-1)).toBe('https://h59.example/x');
  });

  it('know the form of their requests', async () => {
    const storage = stored('["https://a.example/v1/reports","https://b.example/old?action=x"]');
    expect((await knownCollectors(storage)).map(({ form }) => form)).toEqual(['batch', 'single']);
  });

  it.each(['', 'null', '{}', '"https://a.example"', '[', '[1, null, {}, ["https://a.example"]]'])(
    'are none if the list is %j',
    async (text) => {
      expect(await urlsIn(stored(text))).toEqual([]);
    },
  );

  it('leave out what cannot be an endpoint', async () => {
    const entries = [
      'file:///etc/passwd',
      'https://user:pass@a.example',
      'x',
      'https://a.example/',
    ];
    expect(await urlsIn(stored(JSON.stringify(entries)))).toEqual(['https://a.example/v1/reports']);
  });

  it('do no harm if the storage fails', async () => {
    const failing = {
      ...memoryStorage(),
      get: () => Promise.reject(new Error('gone')),
      set: () => Promise.reject(new Error('full')),
    };
    expect(await knownCollectors(failing)).toEqual([]);
    expect(await rememberCollector(failing, 'https://a.example/x')).toBe(false);
  });
});
