import { describe, expect, it } from 'vitest';
import { createLookup, type Names } from '../../src/delivery/resolve-name.js';

const HOSTS = `
127.0.0.1 localhost
10.1.2.3  Stats.Acme.Dev stats # ours
fe80::1   v6only
`;

function lookup(hostname: string, options: object, names: Partial<Names> = {}) {
  const find = createLookup({
    hostsFile: () => HOSTS,
    resolve: () => Promise.reject(Object.assign(new Error('none'), { code: 'ENOTFOUND' })),
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

  it('reports the name servers’ own error', async () => {
    await expect(lookup('example.com', {})).rejects.toMatchObject({ code: 'ENOTFOUND' });
    await expect(lookup('v6only', { family: 4 })).rejects.toMatchObject({ code: 'ENOTFOUND' });
  });
});
