import { describe, expect, it } from 'vitest';
import { createLookup, type Names } from '../../src/sender/resolve-name.js';

const HOSTS = `
127.0.0.1 localhost
10.1.2.3  Stats.Acme.Dev stats # ours
fe80::1   v6only
`;

const failure = (code: string): Error => Object.assign(new Error(code), { code });

function lookup(hostname: string, options: object, names: Partial<Names> = {}) {
  const find = createLookup({
    hostsFile: () => HOSTS,
    resolverFile: () => '',
    resolve: () => Promise.reject(failure('ENOTFOUND')),
    ...names,
  });
  return new Promise((resolve, reject) => {
    find(hostname, options, (error, address, family) =>
      error ? reject(error) : resolve(Array.isArray(address) ? address : [address, family]),
    );
  });
}

describe('createLookup', () => {
  it('asks the hosts file first, whatever the case', async () => {
    expect(await lookup('stats.ACME.dev', {})).toEqual(['10.1.2.3', 4]);
    expect(await lookup('stats.acme.dev.', { all: true })).toEqual([
      { address: '10.1.2.3', family: 4 },
    ]);
  });

  it('asks the name servers for what the hosts file has not', async () => {
    const resolve: Names['resolve'] = async (_name, family) =>
      family === 4 ? ['1.2.3.4'] : ['::5'];
    expect(await lookup('example.com', { all: true }, { resolve })).toEqual([
      { address: '1.2.3.4', family: 4 },
      { address: '::5', family: 6 },
    ]);
    expect(await lookup('example.com', { family: 6 }, { resolve })).toEqual(['::5', 6]);
  });

  it('is content with one family', async () => {
    const resolve: Names['resolve'] = async (_name, family) => {
      if (family === 4) throw new Error('ENODATA');
      return ['::5'];
    };
    expect(await lookup('example.com', {}, { resolve })).toEqual(['::5', 6]);
  });

  it('knows localhost without a hosts file', async () => {
    const names = { hostsFile: () => '' };
    expect(await lookup('localhost', {}, names)).toEqual(['127.0.0.1', 4]);
    expect(await lookup('a.localhost', { family: 6 }, names)).toEqual(['::1', 6]);
  });

  it.each(['ENOTFOUND', 'ETIMEOUT', 'ECONNREFUSED', 'ECANCELLED'])(
    'says of a name without an address, whatever the reason (%s), that it was not found',
    async (code) => {
      const resolve = () => Promise.reject(failure(code));
      const asked = lookup('example.com', {}, { resolve });
      await expect(asked).rejects.toMatchObject({ code: 'ENOTFOUND' });
    },
  );

  it('says so too of a name without an address of the family', async () => {
    await expect(lookup('v6only', { family: 4 })).rejects.toMatchObject({ code: 'ENOTFOUND' });
  });

  describe('where resolv.conf has a search list', () => {
    const resolverFile = () => 'search shop.svc.cluster.local svc.cluster.local\noptions ndots:5';
    /** Name servers that know one name, and what they were asked. */
    function knowing(known: string, code = 'ENOTFOUND') {
      const asked = new Set<string>();
      const resolve: Names['resolve'] = async (name, family) => {
        asked.add(name);
        if (name !== known) throw failure(code);
        if (family === 6) throw failure('ENODATA');
        return ['10.96.0.7'];
      };
      return { asked, names: { resolverFile, resolve } };
    }

    it('finds a service of the namespace by its short name', async () => {
      const { asked, names } = knowing('usage.svc.cluster.local');
      expect(await lookup('usage', {}, names)).toEqual(['10.96.0.7', 4]);
      expect([...asked]).toEqual(['usage.shop.svc.cluster.local', 'usage.svc.cluster.local']);
    });

    it('asks for the bare name when no domain has it', async () => {
      const { names } = knowing('usage.acme.dev');
      expect(await lookup('usage.acme.dev', {}, names)).toEqual(['10.96.0.7', 4]);
    });

    it('asks no more once a name server does not answer', async () => {
      const { asked, names } = knowing('usage', 'ETIMEOUT');
      await expect(lookup('usage', {}, names)).rejects.toMatchObject({ code: 'ENOTFOUND' });
      expect([...asked]).toEqual(['usage.shop.svc.cluster.local']);
    });
  });
});
