import { ID_KEY } from '../../../src/file-names.js';
import { createHash, createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  findIdentity,
  resolveIdentity,
  timeId,
} from '../../../src/sender/identity/anonymous-id.js';
import type { IdentitySources } from '../../../src/sender/identity/id-place.js';
import { LATE, type Machine } from '../../../src/sender/identity/machine-id.js';
import { memoryStorage } from '../../../src/storage/memory-storage.js';
import { nullStorage } from '../../../src/storage/null-storage.js';
import { FORGOTTEN_ID } from '../../../src/storage/storage.js';

const RAW = '5f1a8a3c9d4e4b5f8a7b6c5d4e3f2a1b';
const hmacSha256 = (key: string | Uint8Array, text: string) =>
  createHmac('sha256', key).update(text).digest('hex');
const machine: Machine = { rawMachineId: async () => RAW, user: () => '1000', hmacSha256 };
const noMachine: Machine = {
  ...machine,
  rawMachineId: () => Promise.reject(new Error('none')),
};
const lateMachine: Machine = {
  ...machine,
  rawMachineId: () => Promise.reject(Object.assign(new Error('not yet'), { code: LATE })),
};
const junkMachine: Machine = { ...machine, rawMachineId: async () => 'none' };
const otherUser: Machine = { ...machine, user: () => '1001' };
const TIME_ID = 'feedfacecafebeef';
const SECRET = '0123456789abcdef'.repeat(4);
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const endpoint = {
  url: 'https://stats.acme.dev/v1/reports',
  form: 'batch',
  implicit: false,
} as const;
const ownerAt = (origin: string, secret = SECRET, project = 'acme-cli') =>
  sha256(hmacSha256(Buffer.from(secret, 'hex'), `${origin}\n${project}`)).slice(0, 32);
const OWNER = ownerAt('https://stats.acme.dev');
const OTHER_RAW = '0a1b2c3d4e5f60718293a4b5c6d7e8f9';
const otherMachine: Machine = { ...machine, rawMachineId: async () => OTHER_RAW };
const idOn = (raw: string, user = '1000') =>
  hmacSha256('headcount:v1:acme-cli', `${raw}:${user}`).slice(0, 16);
const checkOn = (raw: string) => hmacSha256('headcount:v1:acme-cli:check', raw).slice(0, 16);

const persistentStorage = () => ({ ...memoryStorage(), isPersistent: true });
const resolve = (sources: Partial<IdentitySources> = {}) =>
  resolveIdentity({
    project: 'acme-cli',
    storage: persistentStorage(),
    container: false,
    machine,
    timeId: () => TIME_ID,
    endpoint,
    newSecret: () => SECRET,
    hash: (_algorithm, text) => sha256(text),
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
      owner: OWNER,
    });
  });

  it('makes it from the machine where none is stored, and stores it', async () => {
    const storage = persistentStorage();
    const made = await resolve({ storage });
    expect(made).toEqual({
      anonymous_id: hmacSha256('headcount:v1:acme-cli', `${RAW}:1000`).slice(0, 16),
      id_source: 'machine',
      id_persisted: true,
      owner: OWNER,
    });
    expect(await storage.get(ID_KEY)).toBe(`${made.anonymous_id} machine ${checkOn(RAW)}`);
    expect(await resolve({ storage, machine: noMachine })).toEqual(made);
  });

  it('makes it from the moment where the machine has no ID', async () => {
    const storage = persistentStorage();
    const expected = { anonymous_id: TIME_ID, id_source: 'time', id_persisted: true, owner: OWNER };
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
      expect(await storage.get(ID_KEY)).toBe(`${anonymous_id} machine ${checkOn(RAW)}`);
    },
  );

  describe('in a home that came from another machine', () => {
    async function copiedHome() {
      const storage = persistentStorage();
      const original = await resolve({ storage });
      return { storage, original };
    }

    it('makes a new ID of this machine, and says so', async () => {
      const { storage, original } = await copiedHome();
      const copied = await resolve({ storage, machine: otherMachine });
      expect(copied).toEqual({
        anonymous_id: idOn(OTHER_RAW),
        id_source: 'copied',
        id_persisted: true,
        owner: OWNER,
      });
      expect(copied.anonymous_id).not.toBe(original.anonymous_id);
      expect(await resolve({ storage, machine: otherMachine })).toEqual(copied);
    });

    it('leaves the ID to the machine that made it, where both share the home', async () => {
      const { storage, original } = await copiedHome();
      const copied = await resolve({ storage, machine: otherMachine });
      for (let turn = 0; turn < 3; turn += 1) {
        expect(await resolve({ storage })).toEqual(original);
        expect(await resolve({ storage, machine: otherMachine })).toEqual(copied);
      }
    });

    it.each([
      ['a container', { container: true }],
      ['a machine that cannot be told', { machine: noMachine }],
      ['a machine with a junk ID', { machine: junkMachine }],
      ['another user of the machine', { machine: otherUser }],
    ] as const)('is not suspected in %s', async (_case, sources) => {
      const { storage, original } = await copiedHome();
      expect(await resolve({ storage, ...sources })).toEqual(original);
    });

    it('is told also where the ID was made before the machine could be', async () => {
      const storage = persistentStorage();
      const made = await resolve({ storage, machine: noMachine });
      expect(await storage.get(ID_KEY)).toBe(`${TIME_ID} time`);
      expect(await resolve({ storage })).toEqual(made);
      expect(await storage.get(ID_KEY)).toBe(`${TIME_ID} time ${checkOn(RAW)}`);
      expect((await resolve({ storage, machine: otherMachine })).id_source).toBe('copied');
    });

    it('keeps a check that differs between projects, and is no ID', () => {
      const other = hmacSha256('headcount:v1:other:check', RAW).slice(0, 16);
      expect(new Set([checkOn(RAW), other, idOn(RAW)]).size).toBe(3);
    });
  });

  it('does not make the ID from the machine after the user was forgotten', async () => {
    const storage = persistentStorage();
    await storage.set(ID_KEY, FORGOTTEN_ID);
    const made = await resolve({ storage });
    expect(made).toMatchObject({ anonymous_id: TIME_ID, id_source: 'time', id_persisted: true });
    expect(await resolve({ storage })).toEqual(made);
  });

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

describe('a machine that does not tell its ID in time', () => {
  it('stores no other ID as long as the reports may wait, and gives its own the next time', async () => {
    const storage = persistentStorage();
    const late = resolve({ storage, machine: lateMachine, mayWait: true });
    await expect(late).rejects.toMatchObject({ code: LATE });
    expect(await storage.get(ID_KEY)).toBeUndefined();
    const identity = await resolve({ storage, mayWait: true });
    expect(identity).toMatchObject({ anonymous_id: idOn(RAW), id_source: 'machine' });
  });

  it('gets another ID once they have waited, which is kept: nobody is counted twice', async () => {
    const storage = persistentStorage();
    const made = await resolve({ storage, machine: lateMachine, mayWait: false });
    expect(made).toMatchObject({ anonymous_id: TIME_ID, id_source: 'time' });
    expect(await resolve({ storage, mayWait: true })).toEqual(made);
    // From now on a copy of the home is recognized.
    expect(await storage.get(ID_KEY)).toBe(`${TIME_ID} time ${checkOn(RAW)}`);
    const elsewhere = await resolve({ storage, machine: otherMachine });
    expect(elsewhere).toMatchObject({ anonymous_id: idOn(OTHER_RAW), id_source: 'copied' });
  });

  it('delays nobody who has an ID, was forgotten or has no such machine', async () => {
    const storage = persistentStorage();
    await storage.set(ID_KEY, `${TIME_ID} machine`);
    const late = { machine: lateMachine, mayWait: true };
    expect(await resolve({ storage, ...late })).toMatchObject({ anonymous_id: TIME_ID });
    await storage.set(ID_KEY, FORGOTTEN_ID);
    expect(await resolve({ storage, ...late })).toMatchObject({ id_source: 'time' });
    expect(await resolve({ machine: noMachine, mayWait: true })).toMatchObject({
      id_source: 'time',
    });
  });
});

describe('findIdentity', () => {
  const find = (sources: Partial<IdentitySources>) =>
    findIdentity({
      project: 'acme-cli',
      storage: persistentStorage(),
      container: false,
      machine,
      timeId: () => TIME_ID,
      endpoint,
      newSecret: () => SECRET,
      hash: (_algorithm, text) => sha256(text),
      ...sources,
    });

  it('finds the stored ID, else the one the machine would give, and stores nothing', async () => {
    const storage = persistentStorage();
    expect(await find({ storage })).toMatchObject({ anonymous_id: idOn(RAW) });
    expect(await storage.get(ID_KEY)).toBeUndefined();
    await storage.set(ID_KEY, `${TIME_ID} time`);
    expect(await find({ storage })).toMatchObject({ anonymous_id: TIME_ID, id_source: 'time' });
    expect(await storage.get(ID_KEY)).toBe(`${TIME_ID} time`);
  });

  it('finds none where the next one would depend on chance', async () => {
    expect(await find({ machine: noMachine })).toBeUndefined();
    const storage = persistentStorage();
    await storage.set(ID_KEY, FORGOTTEN_ID);
    expect(await find({ storage })).toBeUndefined();
  });

  it('finds the ID of this machine in a home of another', async () => {
    const storage = persistentStorage();
    await resolve({ storage });
    const found = await find({ storage, machine: otherMachine });
    expect(found).toMatchObject({
      anonymous_id: idOn(OTHER_RAW),
      id_source: 'copied',
    });
  });

  it('tells one that is kept and cannot be read from none, unless the machine gives it', async () => {
    const get = () => Promise.reject(new Error('EACCES'));
    const storage = { ...persistentStorage(), get };
    expect(await find({ storage, machine: noMachine })).toBe('unreadable');
    expect(await find({ storage })).toMatchObject({ anonymous_id: idOn(RAW) });
  });
});

describe('the owner', () => {
  const at = (url: string, more: object = {}) => ({ ...endpoint, url, ...more });
  const secretIn = (storage: { get(key: string): unknown }) => storage.get('owner-secret');

  it('is made from a secret that is kept beside the ID, for the origin and the project', async () => {
    const storage = persistentStorage();
    expect((await resolve({ storage })).owner).toBe(OWNER);
    expect(await secretIn(storage)).toBe(SECRET);
    const other = await resolve({ storage, endpoint: at('https://b.example:8443/v1/reports') });
    expect(other.owner).toBe(ownerAt('https://b.example:8443'));
    const path = await resolve({ storage, endpoint: at('https://b.example:8443/old?x=1') });
    expect(path.owner).toBe(other.owner);
    const project = await resolve({ storage, project: 'other' });
    expect(project.owner).toBe(ownerAt('https://stats.acme.dev', SECRET, 'other'));
  });

  it('is the same for this machine’s collector on any port, if no endpoint is named', async () => {
    const storage = persistentStorage();
    const found = await Promise.all(
      [
        at('http://127.0.0.1:8081/v1/reports', { implicit: true }),
        at('http://[::1]:4711/v1/reports', { foundIn: '/home/ada/collector.json' }),
      ].map((local) => resolve({ storage, endpoint: local })),
    );
    expect(found.map(({ owner }) => owner)).toEqual(Array(2).fill(ownerAt('http://127.0.0.1')));
    const named = await resolve({ storage, endpoint: at('http://127.0.0.1:8081/v1/reports') });
    expect(named.owner).toBe(ownerAt('http://127.0.0.1:8081'));
  });

  it('is the one of the first secret for all of many first runs', async () => {
    const storage = persistentStorage();
    let next = 0;
    const newSecret = () => (next += 1).toString(16).padStart(64, '0');
    const runs = Array.from({ length: 20 }, () => resolve({ storage, newSecret }));
    expect(new Set((await Promise.all(runs)).map(({ owner }) => owner)).size).toBe(1);
  });

  it.each(['', 'x', SECRET.slice(1), `${SECRET}0`, SECRET.toUpperCase()])(
    'replaces a damaged secret (%j), and keeps the ID',
    async (damaged) => {
      const storage = persistentStorage();
      const { anonymous_id } = await resolve({ storage });
      await storage.set('owner-secret', damaged);
      const newSecret = () => 'f'.repeat(64);
      expect(await resolve({ storage, newSecret })).toMatchObject({
        anonymous_id,
        owner: ownerAt('https://stats.acme.dev', 'f'.repeat(64)),
      });
    },
  );

  it('replaces a secret that is a link or another user’s, and no other that cannot be read', async () => {
    const outcomes: [string, boolean][] = [];
    for (const code of ['ELOOP', 'EACCES', 'EPERM', 'EINVAL', 'EMFILE', 'EIO']) {
      const storage = persistentStorage();
      await resolve({ storage });
      let isPlanted = true;
      const remove = async (key: string) => {
        if (key === 'owner-secret') isPlanted = false;
        await storage.remove(key);
      };
      const get = (key: string) =>
        isPlanted && key === 'owner-secret'
          ? Promise.reject(Object.assign(new Error(code), { code }))
          : storage.get(key);
      const { owner } = await resolve({
        storage: { ...storage, get, remove },
        newSecret: () => 'f'.repeat(64),
      });
      outcomes.push([code, owner === ownerAt('https://stats.acme.dev', 'f'.repeat(64))]);
      if (owner === undefined) expect(await secretIn(storage)).toBe(SECRET);
    }
    expect(outcomes).toEqual([
      ['ELOOP', true],
      ['EACCES', true],
      ['EPERM', true],
      ['EINVAL', true],
      ['EMFILE', false],
      ['EIO', false],
    ]);
  });

  it('is absent if the ID or the secret cannot be kept', async () => {
    const setIfAbsent = (key: string, value: string) => {
      if (key === 'owner-secret') throw new Error('ENOSPC');
      return kept.setIfAbsent(key, value);
    };
    const kept = persistentStorage();
    for (const storage of [memoryStorage(), nullStorage(), { ...kept, setIfAbsent }]) {
      expect(await resolve({ storage })).not.toHaveProperty('owner');
    }
  });

  it('of a copied home differs: it would link two machines', async () => {
    const storage = persistentStorage();
    let next = 0;
    const newSecret = () => (next += 1).toString(16).padStart(64, '0');
    const original = await resolve({ storage, newSecret });
    const copied = await resolve({ storage, newSecret, machine: otherMachine });
    expect(copied.owner).not.toBe(original.owner);
    expect(await resolve({ storage, newSecret })).toEqual(original);
  });
});

describe('an endpoint from the environment', () => {
  const variable = { ...endpoint, fromEnvironment: true } as const;

  it('has another ID and another owner than the same endpoint in the code', async () => {
    const storage = persistentStorage();
    let next = 0;
    const newSecret = () => (next += 1).toString(16).padStart(64, '0');
    const usual = await resolve({ storage, newSecret });
    const own = await resolve({ storage, newSecret, endpoint: variable });
    expect(own).toMatchObject({ id_source: 'machine', id_persisted: true });
    expect(own.anonymous_id).not.toBe(usual.anonymous_id);
    expect(own.owner).not.toBe(usual.owner);
    const elsewhere = { ...variable, url: 'https://b.example/v1/reports' };
    const third = await resolve({ storage, newSecret, endpoint: elsewhere });
    expect(new Set([usual, own, third].map((identity) => identity.anonymous_id)).size).toBe(3);
    expect(await resolve({ storage, newSecret, endpoint: variable })).toEqual(own);
    expect(await resolve({ storage, newSecret })).toEqual(usual);
  });

  it('gives the same ID again after its file was lost', async () => {
    const [first, second] = await Promise.all([
      resolve({ endpoint: variable }),
      resolve({ endpoint: { ...variable, url: 'https://stats.acme.dev/another/path' } }),
    ]);
    expect(second.anonymous_id).toBe(first.anonymous_id);
  });

  it('in a copied home has an ID for each machine too', async () => {
    const storage = persistentStorage();
    const original = await resolve({ storage, endpoint: variable });
    const copied = await resolve({ storage, endpoint: variable, machine: otherMachine });
    expect(copied.id_source).toBe('copied');
    expect(copied.anonymous_id).not.toBe(original.anonymous_id);
    expect(await resolve({ storage, endpoint: variable })).toEqual(original);
  });
});
