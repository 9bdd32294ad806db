import { expect, it } from 'vitest';
import { startProcess } from '../../support/start-process.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { makeCertificate } from '../support/certificate.js';
import { freePort } from '../../support/free-port.js';
import { ask } from './ask.js';
import { PROXY_NAMES, SITE, startProxy } from './start-proxy.js';
import { waitForProxy } from './wait-for-proxy.js';

it('passes requests on again as soon as a collector is back, at the root of a site too', async () => {
  const port = await freePort();
  const args = ['--port', String(port), '--no-announce', '--data', temporaryFolder()];
  const before = await startProcess(args);
  await before.url();
  const certificate = makeCertificate(temporaryFolder(), SITE);
  const { ca } = certificate;
  const proxies = await Promise.all(
    PROXY_NAMES.map((name) =>
      startProxy(name, { certificate, upstream: `127.0.0.1:${port}`, path: '/' }),
    ),
  );
  const askAll = (): Promise<number[]> =>
    Promise.all(
      proxies.map(async (proxy) => (await ask({ port: proxy.port, ca, path: '/readyz' })).status),
    );
  await Promise.all(proxies.map((proxy) => waitForProxy(proxy, { ca, path: '/readyz' })));
  expect(await askAll()).toEqual([200, 200, 200, 200]);

  before.child.kill('SIGTERM');
  await before.ended;
  for (const status of await askAll()) expect([502, 503]).toContain(status);

  await (await startProcess(args)).url();
  // Less than the minute for which Apache by itself would not try it again.
  await Promise.all(proxies.map((proxy) => waitForProxy(proxy, { ca, path: '/readyz' })));
});
