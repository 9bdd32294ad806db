import { createHash, createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type IdentitySources, resolveIdentity } from '../../src/identity/anonymous-id.js';
import type { Machine } from '../../src/identity/machine-id.js';
import { timeId } from '../../src/identity/time-id.js';
import { memoryStorage } from '../../src/storage/memory-storage.js';
import { nullStorage } from '../../src/storage/null-storage.js';
import { ID_KEY } from '../../src/storage/storage.js';

const RAW = '5f1a8a3c9d4e4b5f8a7b6c5d4e3f2a1b';
const hmacSha256 = (key: string, text: string) =>
  createHmac('sha256', key).update(text).digest('hex');
const machine: Machine = { rawMachineId: async () => RAW, user: () => '1000', hmacSha256 };
const noMachine: Machine = {
  ...machine,
  rawMachineId: () => Promise.reject(new Error('none')),
};
const TIME_ID = 'feedfacecafebeef';

const persistentStorage = () => ({ ...memoryStorage(), isPersistent: true });
const resolve = (sources: Partial<IdentitySources> = {}) =>
  resolveIdentity({
    project: 'acme-cli',
    storage: persistentStorage(),
    container: false,
    machine,
    timeId: () => TIME_ID,
    ...sources,
  });

describe('resolveIdentity', () => {
  it('takes the stored ID first, with the source it was made from', async () => {
    const storage = persistentStorage();
    await storage.set(ID_KEY, '0123456789abcdef time');
    expect(await resolve({ storage })).toEqual({
      anonymous_id: '0123456789abcdef',
      id_source: 'time',
      id_persisted: true,
    });
  });

  it('makes it from the machine where none is stored, and stores it', async () => {
    const storage = persistentStorage();
    const made = await resolve({ storage });
    expect(made).toEqual({
      anonymous_id: hmacSha256('headcount:v1:acme-cli', `${RAW}:1000`).slice(0, 16),
      id_source: 'machine',
      id_persisted: true,
    });
    expect(await storage.get(ID_KEY)).toBe(`${made.anonymous_id} machine`);
    expect(await resolve({ storage, machine: noMachine })).toEqual(made);
  });

  it('makes it from the moment where the machine has no ID', async () => {
    const storage = persistentStorage();
    const expected = { anonymous_id: TIME_ID, id_source: 'time', id_persisted: true };
    expect(await resolve({ storage, machine: noMachine })).toEqual(expected);
    expect(await storage.get(ID_KEY)).toBe(`${TIME_ID} time`);
  });

  it('never asks the machine in a container', async () => {
    expect((await resolve({ container: true })).id_source).toBe('time');
  });

  it.each([
    ['empty', ''],
    ['uninitialized', 'uninitialized'],
    ['a host name', 'adas-laptop'],
    ['zeros', '0'.repeat(32)],
    ['a board default', '03000200-0400-0500-0006-000700080009'],
    ['the hash of nothing', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
  ])('refuses a machine ID that is %s', async (_case, raw) => {
    const junk: Machine = { ...machine, rawMachineId: async () => raw };
    expect((await resolve({ machine: junk })).id_source).toBe('time');
  });

  it.each(['', 'junk', '0123456789ABCDEF machine', '0123456789abcdef', `${'0'.repeat(15)} time`])(
    'replaces "%s" where the ID should be',
    async (junk) => {
      const storage = persistentStorage();
      await storage.set(ID_KEY, junk);
      const { anonymous_id, id_persisted } = await resolve({ storage });
      expect(id_persisted).toBe(true);
      expect(await storage.get(ID_KEY)).toBe(`${anonymous_id} machine`);
    },
  );

  it('gives two projects and two users of one machine different IDs', async () => {
    const ids = await Promise.all([
      resolve(),
      resolve({ project: 'other' }),
      resolve({ machine: { ...machine, user: () => '1001' } }),
    ]);
    expect(new Set(ids.map((identity) => identity.anonymous_id)).size).toBe(3);
  });

  it('gives all of many first runs the ID that was stored first', async () => {
    const storage = persistentStorage();
    let next = 0;
    const runs = Array.from({ length: 20 }, () =>
      resolve({
        storage,
        machine: noMachine,
        timeId: () => String((next += 1)).padStart(16, '0'),
      }),
    );
    const ids = (await Promise.all(runs)).map((identity) => identity.anonymous_id);
    expect(new Set(ids).size).toBe(1);
  });

  it('says so where the ID could not be kept', async () => {
    const broken = {
      ...nullStorage(),
      setIfAbsent: () => {
        throw new Error('EROFS');
      },
    };
    for (const storage of [nullStorage(), memoryStorage(), broken]) {
      expect(await resolve({ storage })).toMatchObject({
        id_source: 'machine',
        id_persisted: false,
      });
    }
  });

  it('survives a storage that throws, rejects or lies in every method', async () => {
    const storages = [
      () => {
        throw new Error('no');
      },
      () => Promise.reject(new Error('no')),
      () => 42 as never,
    ].map((method) => ({ get: method, set: method, setIfAbsent: method, remove: method }));
    for (const storage of storages) {
      expect(await resolve({ storage })).toMatchObject({
        id_source: 'machine',
        id_persisted: false,
      });
    }
  });
});

describe('timeId', () => {
  const sources = {
    now: () => 1,
    hrtime: () => 2n,
    pid: 3,
    randomBytes: () => new Uint8Array(16),
    hash: (algorithm: string, text: string) => createHash(algorithm).update(text).digest('hex'),
  };

  it('is 16 hex digits of an MD5', () => {
    const moment = `1:2:3:${'0,'.repeat(16).slice(0, -1)}`;
    expect(timeId(sources)).toBe(createHash('md5').update(moment).digest('hex').slice(0, 16));
  });

  it('differs for two programs that start in the same millisecond', () => {
    const other = { ...sources, randomBytes: () => new Uint8Array(16).fill(7) };
    expect(timeId(other)).not.toBe(timeId(sources));
  });

  it('uses SHA-256 where MD5 is forbidden', () => {
    const fips = {
      ...sources,
      hash(algorithm: string, text: string) {
        if (algorithm === 'md5') throw new Error('ERR_OSSL_EVP_UNSUPPORTED');
        return sources.hash(algorithm, text);
      },
    };
    expect(timeId(fips)).toMatch(/^[0-9a-f]{16}$/);
  });
});
