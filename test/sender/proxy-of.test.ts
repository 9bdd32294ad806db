import { EnvHttpProxyAgent } from 'undici';
import { describe, expect, it } from 'vitest';
import { proxyOf as proxyFor } from '../../src/sender/network/proxy-of.js';
import { network } from '../../src/sender/platform/sender-network.js';

const A = 'http://a.test:1';
const B = 'http://b.test:2';

const proxyOf = (env: Record<string, string>, url: URL) => proxyFor(env, url, network);

/** Which way undici goes: its agents have no names of their own, so each is asked what it got. */
function wayOfUndici(env: Record<string, string>, url: URL): string {
  const httpProxy = env['http_proxy'] ?? env['HTTP_PROXY'] ?? '';
  const httpsProxy = env['https_proxy'] ?? env['HTTPS_PROXY'] ?? '';
  const noProxy = env['no_proxy'] ?? env['NO_PROXY'] ?? '';
  const agent = new EnvHttpProxyAgent({ httpProxy, httpsProxy, noProxy });
  let way = 'none';
  const symbols = Object.getOwnPropertySymbols(agent);
  for (const [name, found] of [
    ['no proxy agent', 'direct'],
    ['https proxy agent', httpsProxy || httpProxy || 'direct'],
    ['http proxy agent', httpProxy || 'direct'],
  ] as const) {
    const symbol = symbols.find(({ description }) => description === name);
    if (symbol === undefined) throw new Error(`undici has no "${name}" any more`);
    // The cast: undici keeps its agents under symbols that its types do not name.
    const inner = agent as unknown as Record<symbol, { dispatch: () => boolean }>;
    const dispatching = inner[symbol];
    if (dispatching) dispatching.dispatch = () => ((way = found), true);
  }
  agent.dispatch({ origin: url.origin, path: '/', method: 'GET' }, {});
  return way;
}

describe('proxyOf()', () => {
  const ENVIRONMENTS: Record<string, string>[] = [
    {},
    { HTTP_PROXY: A },
    { HTTPS_PROXY: B },
    { HTTP_PROXY: A, HTTPS_PROXY: B },
    { http_proxy: A, HTTP_PROXY: B },
    { http_proxy: '', HTTP_PROXY: B },
    ...[
      '*',
      'stats.acme.dev',
      '.acme.dev',
      '*.acme.dev',
      'acme.dev other.dev',
      'other.dev,STATS.acme.dev',
      'stats.acme.dev:443',
      'stats.acme.dev:8443',
      'me.dev',
      '*,x',
    ].map((NO_PROXY) => ({ HTTP_PROXY: A, HTTPS_PROXY: B, NO_PROXY })),
    { HTTPS_PROXY: B, no_proxy: '', NO_PROXY: '*' },
  ];
  const ADDRESSES = [
    'https://stats.acme.dev',
    'https://stats.acme.dev:8443',
    'http://stats.acme.dev',
  ];
  it.each(ENVIRONMENTS)('goes the way of undici with %j', (env) => {
    for (const address of ADDRESSES) {
      const url = new URL(address);
      expect([address, proxyOf(env, url)?.address ?? 'direct']).toEqual([
        address,
        wayOfUndici(env, url),
      ]);
    }
  });

  it('shows neither user nor password', () => {
    const env = { HTTPS_PROXY: 'http://ada:secret@proxy.acme.dev:3128' };
    expect(proxyOf(env, new URL('https://stats.acme.dev'))).toEqual({
      variable: 'HTTPS_PROXY',
      address: 'http://proxy.acme.dev:3128',
    });
  });

  it('is none for a collector on the same machine', () => {
    expect(proxyOf({ HTTP_PROXY: A }, new URL('http://127.0.0.1:8081'))).toBeUndefined();
  });

  it.each([
    ['proxy.acme.dev', 'http://proxy.acme.dev'],
    ['proxy.acme.dev:3128', 'http://proxy.acme.dev:3128'],
    [' ada:secret@10.0.0.1:3128 ', 'http://10.0.0.1:3128'],
    ['[::1]:3128', 'http://[::1]:3128'],
    ['HTTP://proxy.acme.dev:3128/', 'http://proxy.acme.dev:3128'],
    ['https://proxy.acme.dev', 'https://proxy.acme.dev'],
    ['socks5://proxy.acme.dev:1080', 'socks5://proxy.acme.dev:1080'],
    ['socks5h://ada:secret@proxy.acme.dev', 'socks5h://proxy.acme.dev'],
    ['socks://proxy.acme.dev', 'socks://proxy.acme.dev'],
  ])('understands %s', (HTTPS_PROXY, address) => {
    const url = new URL('https://stats.acme.dev');
    expect(proxyOf({ HTTPS_PROXY }, url)).toEqual({ variable: 'HTTPS_PROXY', address });
  });

  it.each([
    ['socks4://proxy.acme.dev:1080', 'socks4://proxy.acme.dev:1080'],
    ['socks4a://ada@proxy.acme.dev', 'socks4a://proxy.acme.dev'],
    ['ftp://proxy', 'ftp://proxy'],
    ['http://[::', undefined],
    ['://', undefined],
    ['proxy acme dev', undefined],
  ])('tells what it cannot use, and takes no other way: %s', (HTTPS_PROXY, address) => {
    expect(proxyOf({ HTTPS_PROXY, HTTP_PROXY: A }, new URL('https://stats.acme.dev'))).toEqual({
      variable: 'HTTPS_PROXY',
      isUnsupported: true,
      ...(address !== undefined && { address }),
    });
  });

  it.each<[Record<string, string>, string, string | undefined]>([
    [{ ALL_PROXY: A }, 'https://stats.acme.dev', 'ALL_PROXY'],
    [{ all_proxy: A }, 'http://stats.acme.dev', 'all_proxy'],
    [{ ALL_PROXY: A, HTTPS_PROXY: B }, 'https://stats.acme.dev', 'HTTPS_PROXY'],
    [{ ALL_PROXY: A, HTTP_PROXY: B }, 'https://stats.acme.dev', 'ALL_PROXY'],
    [{ ALL_PROXY: A, HTTP_PROXY: B }, 'http://stats.acme.dev', 'HTTP_PROXY'],
    [{ ALL_PROXY: A, HTTPS_PROXY: B }, 'http://stats.acme.dev', 'ALL_PROXY'],
    [{ all_proxy: '', ALL_PROXY: B }, 'http://stats.acme.dev', undefined],
    [{ ALL_PROXY: A, NO_PROXY: '.acme.dev' }, 'https://stats.acme.dev', undefined],
  ])('with %j: for %s by %s', (env, address, variable) => {
    expect(proxyOf(env, new URL(address))?.variable).toBe(variable);
  });

  it.each<[string, string, boolean]>([
    ['10.0.0.0/8', 'http://10.20.30.40', true],
    ['10.0.0.0/8', 'http://11.20.30.40', false],
    ['10.0.0.0/8', 'http://ten.acme.dev', false],
    ['2001:db8::/32', 'http://[2001:db8::7]:8081', true],
    ['2001:db8::/32', 'http://10.0.0.1', false],
    ['10.0.0.0/99, nonsense/8', 'http://10.0.0.1', false],
    ['192.168.1.9', 'http://192.168.1.9:8081', true],
    ['192.168.1.9:8081', 'http://192.168.1.9:8081', true],
    ['192.168.1.9:80', 'http://192.168.1.9:8081', false],
    ['[2001:db8::7]', 'http://[2001:db8::7]', true],
    ['2001:db8::7', 'http://[2001:db8::7]', true],
    ['[2001:db8::7]:8081', 'http://[2001:db8::7]:8081', true],
    ['ACME.dev', 'https://Stats.Acme.Dev', true],
    [' * ', 'https://stats.acme.dev', true],
    ['acme.dev', 'https://stats.acme.dev.', true],
    ['acme.dev', 'https://notacme.dev', false],
  ])('NO_PROXY=%s for %s', (NO_PROXY, address, isDirect) => {
    const found = proxyOf({ ALL_PROXY: A, NO_PROXY }, new URL(address));
    expect(found === undefined).toBe(isDirect);
  });
});
