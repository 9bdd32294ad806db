import { describe, expect, it } from 'vitest';
import {
  type KnownCollector,
  knownCollectors,
  rememberCollector,
  removeCollectors,
} from '../../src/delivery/known-collectors.js';
import { memoryStorage } from '../../src/storage/memory-storage.js';

const ID = '0123456789abcdef';
const at = (url: string, anonymousId = ID): KnownCollector => ({
  endpoint: { url, form: 'batch', implicit: false },
  anonymousId,
});
const urlsIn = async (storage = memoryStorage()): Promise<string[]> =>
  (await knownCollectors(storage)).map(({ endpoint }) => endpoint.url);

const stored = (text: string) => {
  const storage = memoryStorage();
  void storage.set('collectors', text);
  return storage;
};
const entry = (url: unknown, more: object = {}) => ({ url, anonymous_id: ID, ...more });
const storedEntries = (...entries: unknown[]) => stored(JSON.stringify(entries));

describe('the collectors that have acknowledged reports', () => {
  it('are none at first', async () => {
    expect(await urlsIn()).toEqual([]);
  });

  it('are kept once each, in the order of their first acknowledgement', async () => {
    const storage = memoryStorage();
    for (const host of ['b', 'a', 'b']) {
      expect(await rememberCollector(storage, at(`https://${host}.example/v1/reports`))).toBe(true);
    }
    expect(JSON.parse((await storage.get('collectors')) ?? '')).toEqual([
      entry('https://b.example/v1/reports'),
      entry('https://a.example/v1/reports'),
    ]);
  });

  it('are kept once for each ID, and apart for an address from the environment', async () => {
    const storage = memoryStorage();
    const one = at('https://a.example/v1/reports');
    const variable = { ...one, endpoint: { ...one.endpoint, fromEnvironment: true as const } };
    const other = at('https://a.example/v1/reports', 'fedcba9876543210');
    for (const collector of [one, variable, other, variable, one]) {
      await rememberCollector(storage, collector);
    }
    expect(await knownCollectors(storage)).toEqual([one, variable, other]);
    await removeCollectors(storage, [variable]);
    expect(await knownCollectors(storage)).toEqual([one, other]);
  });

  it('have this machine’s own once, whatever its port', async () => {
    const storage = memoryStorage();
    const local = (port: number, how: object): KnownCollector => {
      const { endpoint, anonymousId } = at(`http://127.0.0.1:${port}/v1/reports`);
      return { endpoint: { ...endpoint, ...how }, anonymousId };
    };
    await rememberCollector(storage, local(8081, { implicit: true }));
    await rememberCollector(storage, local(4711, { foundIn: '/home/ada/collector.json' }));
    expect(await knownCollectors(storage)).toEqual([local(4711, { implicit: true })]);
    await rememberCollector(storage, local(4711, {})); // one that is named
    expect(await knownCollectors(storage)).toHaveLength(2);
  });

  it('are at most 50: the last ones', async () => {
    const storage = memoryStorage();
    for (let n = 0; n < 60; n += 1) await rememberCollector(storage, at(`https://h${n}.example/x`));
    const urls = await urlsIn(storage);
    expect(urls).toHaveLength(50);
    expect(urls.at(0)).toBe('https://h10.example/x');
    expect(urls.at(-1)).toBe('https://h59.example/x');
  });

  it('know the form of their requests', async () => {
    const storage = storedEntries(
      entry('https://a.example/v1/reports'),
      entry('https://b.example/old?action=x'),
    );
    expect((await knownCollectors(storage)).map(({ endpoint }) => endpoint.form)).toEqual([
      'batch',
      'single',
    ]);
  });

  it.each(['', 'null', '{}', '"https://a.example"', '[', '[1, null, {}, ["https://a.example"]]'])(
    'are none if the list is %j',
    async (text) => {
      expect(await urlsIn(stored(text))).toEqual([]);
    },
  );

  it('leave out what cannot be an endpoint or an ID', async () => {
    const storage = storedEntries(
      entry('file:///etc/passwd'),
      entry('https://user:pass@a.example'),
      entry('x'),
      entry(7),
      entry('https://b.example/', { anonymous_id: 'ci-jenkins' }),
      entry('https://b.example/', { anonymous_id: '\u001b[2J' }),
      entry('https://a.example/'),
    );
    expect(await urlsIn(storage)).toEqual(['https://a.example/v1/reports']);
  });

  it('do no harm if the storage fails', async () => {
    const failing = {
      ...memoryStorage(),
      get: () => Promise.reject(new Error('gone')),
      set: () => Promise.reject(new Error('full')),
    };
    expect(await knownCollectors(failing)).toEqual([]);
    expect(await rememberCollector(failing, at('https://a.example/x'))).toBe(false);
  });
});
