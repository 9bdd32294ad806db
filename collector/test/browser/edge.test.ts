import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { type RunningCollector, startCollector } from '../../../test/support/collector.js';
import { shareBrowser } from './support/browser.js';

const dist = fileURLToPath(new URL('../../../dist/', import.meta.url));
const openPage = shareBrowser();

/** A web app of another origin, which counts each browser as a person. */
async function startApp(): Promise<{ app: string; collector: RunningCollector }> {
  const page = (
    collector: string,
  ): string => `<!doctype html><link rel="icon" href="data:,"><script type="module">
    import { createHeadcount, indexedDbStorage } from '/edge.js';
    const headcount = createHeadcount({
      project: 'acme-web', version: '1.2.3', endpoint: '${collector}',
      storage: indexedDbStorage(indexedDB), countsInstall: true,
    });
    headcount.track();
    window.told = await headcount.flush();
  </script>`;
  const server = createServer((request, response) => {
    const isScript = request.url?.endsWith('.js') ?? false;
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html');
    const file = dist + String(request.url).slice(1);
    response.end(isScript ? readFileSync(file) : page(collector.address));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const collector = await startCollector({ args: ['--cors-origins', origin] });
  return { app: `${origin}/`, collector };
}

/** What the page says of its reports. */
const STATUS = `new Promise((resolve) => setInterval(() => window.told && resolve(window.told), 20))`;
const DATABASES = `indexedDB.databases().then((all) => all.map(({ name }) => name))`;

it('headcount/edge counts a browser once, and knows it again', async () => {
  const { app, collector } = await startApp();
  const { page, faults } = await openPage();
  for (const visit of [1, 2]) {
    await page.goto(app);
    expect(await page.evaluate(STATUS)).toMatchObject({ mode: 'on', sent: 1, queued: 0 });
    expect(await collector.stats('acme-web')).toMatchObject({
      total_reports: visit,
      total_users: 1,
    });
  }
  expect(await page.evaluate(DATABASES)).toEqual(['headcount']);
  expect(faults).toEqual([]);
});

it('headcount/edge stores and sends nothing where the browser asks not to be tracked', async () => {
  const { app, collector } = await startApp();
  const { page } = await openPage();
  await page.addInitScript(
    `Object.defineProperty(navigator, 'globalPrivacyControl', { value: true })`,
  );
  const requests: string[] = [];
  page.on('request', (request) => void requests.push(request.url()));
  await page.goto(app);
  expect(await page.evaluate(STATUS)).toMatchObject({ mode: 'off', reason: 'environment' });
  expect(await page.evaluate(DATABASES)).toEqual([]);
  expect(requests.filter((url) => url.startsWith(collector.address))).toEqual([]);
});
