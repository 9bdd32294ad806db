import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import Conf from 'conf';
import Configstore from 'configstore';
import Keyv from 'keyv';
import { createStorage, type Driver, type Storage as Unstorage } from 'unstorage';
import fsDriver from 'unstorage/drivers/fs-lite';
import { describe, expect, it } from 'vitest';
import { HeadcountError } from '../../src/errors.js';
import type { KeyValueStorage } from '../../src/storage/storage.js';
import { fromConf, fromKeyv, fromUnstorage } from '../../src/storages.js';
import { hostileStoreContract } from '../contracts/hostile-store-contract.js';
import { keyValueContract } from '../contracts/key-value-contract.js';
import { tempFolder } from '../support/temp-folder.js';

const conf = (folder = tempFolder('conf')) =>
  new Conf<{ theme: string; window: { width: number } }>({ cwd: folder, projectName: 'acme' });
const configstore = (folder = tempFolder('configstore')) =>
  new Configstore('acme', undefined, { configPath: join(folder, 'acme.json') });
// Its own type imports a folder, which TypeScript does not resolve here.
const files: (options: { base: string }) => Driver = fsDriver;
const unstorage = (base = tempFolder('unstorage')): Unstorage =>
  createStorage({ driver: files({ base }) });

keyValueContract('conf', () => fromConf(conf()));
keyValueContract('configstore', () => fromConf(configstore()));
keyValueContract('Map, as a store of settings', () => fromConf(new Map<string, string>()));
keyValueContract('keyv', () => fromKeyv(new Keyv()));
keyValueContract('keyv with a namespace', () => fromKeyv(new Keyv({ namespace: randomUUID() })));
keyValueContract('unstorage in memory', () => fromUnstorage(createStorage()));
keyValueContract('unstorage in files', () => fromUnstorage(unstorage()));

// The casts: what these stores answer is wrong on purpose.
hostileStoreContract('conf', ({ remove, ...store }) => fromConf({ ...store, delete: remove }));
hostileStoreContract('keyv', ({ get, set, remove }) =>
  fromKeyv({ get, set, delete: remove } as never),
);
hostileStoreContract('unstorage', ({ get, set, remove }) =>
  fromUnstorage({ getItem: get, setItem: set, removeItem: remove } as never),
);
hostileStoreContract('a storage of the app', ({ get, set, remove }) => {
  const setIfAbsent = (key: string, value: string) => set(key, value);
  return { get, set, setIfAbsent, remove } as never;
});

/** Opens the same store once more, as another process does. */
const REOPENED: Record<string, (folder: string) => KeyValueStorage> = {
  conf: (folder) => fromConf(conf(folder)),
  configstore: (folder) => fromConf(configstore(folder)),
  unstorage: (folder) => fromUnstorage(unstorage(folder)),
};
const CHOICE = '{"telemetry":"off","at":"2026-11-30T05:00:00.000Z","events":"1234567890"}';

describe.each(Object.entries(REOPENED))('%s', (_name, open) => {
  it('gives the next run the same bytes, also where they are JSON or digits alone', async () => {
    const folder = tempFolder('store');
    const first = open(folder);
    await first.set('choice', CHOICE);
    await first.set('owner-secret', '1234567890123456');
    await first.setIfAbsent('anonymous-id', '00ff00ff00ff00ff time');
    await first.set('anonymous-id.1a2b3c4d', 'ffffffffffffffff copied');
    const next = open(folder);
    expect(await next.get('choice')).toBe(CHOICE);
    expect(await next.get('owner-secret')).toBe('1234567890123456');
    expect(await next.get('anonymous-id')).toBe('00ff00ff00ff00ff time');
    expect(await next.get('anonymous-id.1a2b3c4d')).toBe('ffffffffffffffff copied');
    expect(await next.setIfAbsent('anonymous-id', 'eeeeeeeeeeeeeeee time')).toBe(
      '00ff00ff00ff00ff time',
    );
  });

  it('gives two processes that start at once one value', async () => {
    const folder = tempFolder('store');
    const values = ['aaaaaaaaaaaaaaaa time', 'bbbbbbbbbbbbbbbb time'];
    const all = await Promise.all(
      values.map(async (value) => open(folder).setIfAbsent('anonymous-id', value)),
    );
    expect(new Set(all).size).toBe(1);
    expect(values).toContain(all[0]);
  });
});

describe('an app’s store', () => {
  it('keeps the settings of the app', async () => {
    const settings = conf();
    settings.set('theme', 'dark');
    settings.set('window', { width: 800 });
    const storage = fromConf(settings);
    await storage.set('choice', CHOICE);
    await storage.set('anonymous-id.1a2b3c4d', 'x');
    await storage.remove('choice');
    expect(settings.store).toEqual({
      theme: 'dark',
      window: { width: 800 },
      'headcount-anonymous-id_1a2b3c4d': 'x',
    });
  });

  it.each<unknown>([0, false, 7, '', {}, [], { telemetry: 'on' }, Symbol('x'), () => 'x', 7n])(
    'that holds %o gives neither an ID nor nothing: it may have been a no',
    async (value) => {
      for (const open of [
        () => fromConf({ get: () => value, set: () => undefined, delete: () => undefined }),
        () => fromKeyv({ get: later(value), set: later(true), delete: later(true) }),
        () => fromUnstorage({ getItem: later(value), setItem: later(), removeItem: later() }),
      ]) {
        const text = await open().get('choice');
        expect(typeof text).toBe('string');
        expect(() => JSON.parse(String(text)) as unknown).toThrow(SyntaxError);
      }
    },
  );

  it('that answers null has nothing', async () => {
    const keyv = fromKeyv({ get: later(null), set: later(true), delete: later(true) });
    expect(await keyv.get('choice')).toBeUndefined();
  });

  it('whose errors are answers or rejections has stored nothing', async () => {
    const silent = fromKeyv({ get: later(), set: later(false), delete: later(false) });
    await expect(silent.set('a', '1')).rejects.toThrow('not stored');
    await expect(silent.setIfAbsent('a', '1')).rejects.toThrow('not stored');
    const refuse = () => Promise.reject(new Error('ECONNREFUSED'));
    const away = fromUnstorage({ getItem: refuse, setItem: refuse, removeItem: refuse });
    await expect(away.get('a')).rejects.toThrow('ECONNREFUSED');
    await expect(away.remove('a')).rejects.toThrow('ECONNREFUSED');
  });

  it('that was away once is asked again', async () => {
    let isAway = true;
    const values = new Map<string, string>();
    const storage = fromKeyv({
      get: (key) => (isAway ? Promise.reject(new Error('away')) : later(values.get(key))()),
      set: (key, value) => later(values.set(key, value))(),
      delete: (key) => later(values.delete(key))(),
    });
    await expect(storage.setIfAbsent('a', '1')).rejects.toThrow('away');
    isAway = false;
    expect(await storage.setIfAbsent('a', '1')).toBe('1');
  });

  it('is refused where the author sees it, if it is none', () => {
    const adapters = { conf: fromConf, keyv: fromKeyv, unstorage: fromUnstorage };
    for (const from of Object.values(adapters)) {
      for (const wrong of [undefined, null, 7, {}, { get: () => undefined }]) {
        // The cast: it is wrong on purpose.
        const open = () => from(wrong as never);
        expect(open).toThrow(
          /^from\w+\(\): the store must be an object with the methods .+, but is .+\.$/,
        );
        expect(open).toThrow(HeadcountError);
      }
    }
  });

  it('says whether values survive', () => {
    expect(fromKeyv(new Keyv()).isPersistent).toBe(true);
    expect(fromKeyv(new Keyv(), { isPersistent: false }).isPersistent).toBe(false);
    expect(fromUnstorage(createStorage(), { isPersistent: false }).isPersistent).toBe(false);
  });
});

const later = (value?: unknown) => () =>
  new Promise<unknown>((resolve) => setTimeout(resolve, 5, value));
