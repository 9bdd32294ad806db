import { createServer, request, type Server } from 'node:http';
import type { Page } from 'playwright-core';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ADMIN_TOKEN, withToken } from '../support/admin-token.js';
import { reportVisits } from '../support/report-visits.js';
import { fullReport } from '../support/reports.js';
import { startCollector, type TestCollector } from '../support/start-collector.js';
import { shareBrowser } from './support/browser.js';
import { visit } from './support/visit.js';

const SLOW = { timeout: 30_000 };
const open = shareBrowser();

async function listen(collector: TestCollector): Promise<string> {
  return collector.app.listen({ port: 0, host: '127.0.0.1' });
}

async function openPage(url: string): Promise<Page> {
  const { page, faults } = await open({ token: ADMIN_TOKEN });
  onTestFinished(() => expect(faults).toEqual([]));
  await visit(page, url);
  return page;
}

const textOf = (page: Page): Promise<string> => page.locator('#main').innerText();

const overflowOf = (page: Page): Promise<number> =>
  page.evaluate<number>(
    'document.documentElement.scrollWidth - document.documentElement.clientWidth',
  );

/** A way to a collector that can be closed, as a network can. */
async function startGate(
  target: string,
): Promise<{ address: string; close: () => void; reopen: () => void }> {
  let isOpen = true;
  const server: Server = createServer((incoming, answer) => {
    if (!isOpen) {
      incoming.socket.destroy();
      return;
    }
    const onward = request(
      target + (incoming.url ?? ''),
      { method: incoming.method, headers: incoming.headers },
      (response) => {
        answer.writeHead(response.statusCode ?? 500, response.headers);
        response.pipe(answer);
      },
    );
    onward.on('error', () => answer.destroy());
    answer.on('close', () => onward.destroy());
    incoming.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new Error('The gate has no port.');
  return {
    address: `http://127.0.0.1:${bound.port}`,
    close: () => {
      isOpen = false;
      server.closeAllConnections();
    },
    reopen: () => (isOpen = true),
  };
}

it('says that the collector does not answer, since when, and recovers by itself', async () => {
  const collector = await startCollector();
  await collector.post('/v1/reports', fullReport());
  const gate = await startGate(await listen(collector));
  const { page } = await open({ token: ADMIN_TOKEN });
  await visit(page, `${gate.address}/p/acme-cli`);
  const headline = page.locator('main .head');
  const before = await headline.innerText();
  gate.close();
  // Nobody clicks: a page that is left open must not go on saying that all is well.
  const alert = page.getByRole('alert');
  await alert.waitFor({ timeout: 45_000 });
  expect(await page.getByText('All well').isVisible()).toBe(false);
  expect(await alert.innerText()).toContain('The collector does not answer.');
  expect(await alert.innerText()).toMatch(/What you see is of .*2026/);
  // What was known stays.
  expect(await headline.innerText()).toBe(before);
  await page.getByRole('navigation', { name: 'Pages' }).getByText('Versions').click();
  await alert.getByRole('button', { name: 'Ask again now' }).click();
  expect(await alert.isVisible()).toBe(true);
  gate.reopen();
  await expect.poll(() => alert.count(), SLOW).toBe(0);
  // It goes where the visitor wanted.
  await expect.poll(() => new URL(page.url()).pathname, SLOW).toBe('/p/acme-cli/versions');
});

describe('figures', () => {
  it('are of one day on the first day', async () => {
    const collector = await startCollector();
    await reportVisits(collector, [
      { user: 'ada', at: '2026-11-22' },
      { user: 'bob', at: '2026-11-22' },
    ]);
    const page = await openPage(`${await listen(collector)}/p/acme-cli`);
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toMatch(
      /^2\s+people so far today/,
    );
    expect(await textOf(page)).toContain('Today is the first day with reports.');
    expect(await textOf(page)).not.toMatch(/NaN|undefined|Infinity|null/);
  });

  it('of a range without any are said to be none', async () => {
    const collector = await startCollector();
    await collector.post('/v1/reports', fullReport());
    const address = await listen(collector);
    for (const path of ['', '/versions', '/systems', '/features', '/retention']) {
      const page = await openPage(
        `${address}/p/acme-cli${path}?range=custom&from=2026-01-01&to=2026-01-07`,
      );
      expect([path, await textOf(page)]).toEqual([
        path,
        expect.not.stringMatching(/NaN|undefined|Infinity/),
      ]);
      expect(await overflowOf(page)).toBe(0);
    }
  });

  it('of a few people are not told to the public', async () => {
    const collector = await startCollector();
    await reportVisits(collector, [
      { user: 'ada', at: '2026-11-20', version: '9.9.9' },
      ...Array.from({ length: 30 }, (_, i) => ({ user: `person-${i}`, at: '2026-11-20' })),
    ]);
    await collector.app.inject({
      ...{ method: 'PUT', url: '/v1/projects/acme-cli', headers: withToken() },
      payload: { visibility: 'detailed' },
    });
    const { page } = await open();
    const response = await visit(page, `${await listen(collector)}/public/acme-cli`);
    expect(response.status()).toBe(200);
    expect(await page.content()).not.toContain('9.9.9');
    // It says so.
    expect(await textOf(page)).toMatch(/fewer than 10 people/);
  });

  it('of a thousand versions fit', async () => {
    const collector = await startCollector();
    const reports = Array.from({ length: 1000 }, (_, i) =>
      fullReport({
        anonymous_id: (0x9000_0000_0000 + i).toString(16).padStart(16, '0'),
        info: { ...fullReport().info, version: `1.${i}.0` },
      }),
    );
    for (let from = 0; from < reports.length; from += 100) {
      await collector.post('/v1/reports', { reports: reports.slice(from, from + 100) });
    }
    const address = await listen(collector);
    for (const path of ['', '/versions']) {
      const page = await openPage(`${address}/p/acme-cli${path}`);
      expect(await textOf(page)).toContain('1.999.0');
      expect(await overflowOf(page)).toBe(0);
    }
  });
});

describe('names', () => {
  it('and notes without a space widen no page', async () => {
    const collector = await startCollector();
    const project = 'x'.repeat(100);
    await reportVisits(
      collector,
      Array.from({ length: 12 }, (_, i) => ({ user: `person-${i}`, at: '2026-11-20', project })),
    );
    const ask = async (method: 'PUT' | 'POST', url: string, payload: object): Promise<void> => {
      const { statusCode } = await collector.app.inject({
        ...{ method, url, payload, headers: withToken() },
      });
      expect([url, statusCode]).toEqual([url, expect.toSatisfy((code: number) => code < 300)]);
    };
    await ask('PUT', `/v1/projects/${project}`, { visibility: 'detailed', badge: true });
    const note = { date: '2026-11-20', text: 'y'.repeat(200), public: true };
    await ask('POST', `/v1/projects/${project}/annotations`, note);
    const address = await listen(collector);
    for (const path of ['/', `/public/${project}`, `/p/${project}`, `/p/${project}/settings`]) {
      const page = await openPage(`${address}${path}`);
      for (const width of [1280, 360]) {
        await page.setViewportSize({ width, height: 900 });
        expect([path, width, await overflowOf(page)]).toEqual([path, width, 0]);
        // Nor do they push the figures of a table out of its view.
        const hidden = await page.evaluate<number>(
          `Math.max(0, ...[...document.querySelectorAll('main > .row .scroll')]
            .filter((one) => one.textContent.includes('xxxxx') || one.textContent.includes('yyyyy'))
            .map((one) => one.scrollWidth - one.clientWidth))`,
        );
        expect([path, width, hidden]).toEqual([path, width, 0]);
      }
    }
  });

  const LONG = 'a-project-with-a-name-of-'.padEnd(100, 'very-long-');
  const HEBREW = 'פרויקט-שלום';
  const SCRIPT = `"><img src=x onerror=alert(1)><script>alert(2)</script>`;

  it.each([
    ['of 100 characters', LONG],
    ['from right to left', HEBREW],
    ['that look like markup', SCRIPT],
  ])('%s do no harm', async (_what, project) => {
    const collector = await startCollector();
    const version = project === LONG ? '1.0.0' : project.slice(0, 40);
    const answer = await collector.post(
      '/v1/reports',
      fullReport({ project, info: { ...fullReport().info, version, os: version } }),
    );
    expect(answer.body).toMatchObject({ accepted: 1 });
    const address = await listen(collector);
    const dialogs: string[] = [];
    for (const path of ['', '/versions', '/systems', '/live', '/quality', '/system']) {
      const page = await openPage(`${address}/p/${encodeURIComponent(project)}${path}`);
      page.on('dialog', (dialog) => {
        dialogs.push(dialog.message());
        void dialog.dismiss();
      });
      expect(await page.locator('a.project').textContent()).toBe(project);
      for (const width of [1280, 360]) {
        await page.setViewportSize({ width, height: 900 });
        expect([path, width, await overflowOf(page)]).toEqual([path, width, 0]);
      }
      expect(await page.locator('#main img, #main script').count()).toBe(0);
    }
    expect(dialogs).toEqual([]);
    const home = await openPage(`${address}/`);
    await home.getByRole('main').getByRole('link', { name: project }).click();
    await expect.poll(() => home.locator('a.project').count(), SLOW).toBe(1);
    expect(decodeURIComponent(new URL(home.url()).pathname)).toBe(`/p/${project}`);
  });
});
