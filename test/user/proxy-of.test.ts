import EnvHttpProxyAgent from 'undici/lib/dispatcher/env-http-proxy-agent.js';
import { describe, expect, it } from 'vitest';
import { proxyOf } from '../../src/user/proxy-of.js';

const A = 'http://a.test:1';
const B = 'http://b.test:2';

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

  it.each(['proxy.acme.dev', 'proxy.acme.dev:3128', 'ftp://proxy'])(
    'tells a variable that is no address: %s',
    (HTTPS_PROXY) => {
      const url = new URL('https://stats.acme.dev');
      expect(() => new EnvHttpProxyAgent({ httpsProxy: HTTPS_PROXY })).toThrow();
      expect(proxyOf({ HTTPS_PROXY, HTTP_PROXY: A }, url)).toEqual({ variable: 'HTTPS_PROXY' });
    },
  );
});
