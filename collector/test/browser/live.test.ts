import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Page } from 'playwright-core';
import { expect, it, onTestFinished } from 'vitest';
import { ADMIN_TOKEN, withToken } from '../support/admin-token.js';
import { startCollector, type TestCollector } from '../support/start-collector.js';
import { until } from '../support/until.js';
import { shareBrowser } from './support/browser.js';
import { visit } from './support/visit.js';

const HELLO = fileURLToPath(new URL('../../../examples/hello-cli/hello.js', import.meta.url));
const PROJECT = 'hello-cli';
const SLOW = { timeout: 50_000 };

/** Programs start, report and end here: on a busy machine that takes its time. */
const LONG = { timeout: 180_000 };

const open = shareBrowser();
const run = promisify(execFile);

interface Started extends Omit<TestCollector, 'get'> {
  readonly address: string;
  readonly get: (this: void, url: string) => ReturnType<TestCollector['get']>;
}

/** An empty collector by the clock of the machine, as the client has it. */
async function start(): Promise<Started> {
  const collector = await startCollector({ now: () => new Date() });
  const address = await collector.app.listen({ port: 0, host: '127.0.0.1' });
  return { ...collector, address, get: (url) => collector.get(url) };
}

/**
 * Runs the example as somebody does, on a machine of their own, and waits until a report that it left to
 * its exit process is counted.
 */
async function runClient(
  { address, get }: Pick<Started, 'address' | 'get'>,
  anonymousId: string,
  people: number,
): Promise<void> {
  const home = mkdtempSync(join(tmpdir(), 'headcount-home-'));
  // The exit process may still be there for a moment.
  const removal = { recursive: true, force: true, maxRetries: 20, retryDelay: 100 };
  onTestFinished(() => rmSync(home, removal));
  await run(process.execPath, [HELLO], {
    env: {
      PATH: process.env['PATH'],
      HOME: home,
      USERPROFILE: home,
      TMPDIR: tmpdir(),
      HEADCOUNT_ENDPOINT: address,
      HEADCOUNT_EXIT_UPLOAD_INTERVAL_MS: '0',
      HEADCOUNT_ANONYMOUS_ID: anonymousId,
    },
  });
  await until(`${people} people are counted`, async () => {
    const { body } = await get(`/v1/stats/summary?project=${PROJECT}`);
    return body['total_users'] === people;
  });
}

/** Opens a page, and marks its document. */
async function openMarked(url: string): Promise<Page> {
  const { page, faults } = await open({ token: ADMIN_TOKEN, hasMotion: true });
  onTestFinished(() => expect(faults).toEqual([]));
  await visit(page, url);
  await page.evaluate('window.isSameDocument = true');
  return page;
}

const isMarked = (page: Page): Promise<unknown> => page.evaluate('window.isSameDocument === true');

const bigOf = (page: Page): Promise<string> => page.locator('.big b').first().innerText();

it(
  'the page of an empty project turns into the morning page with its first report',
  LONG,
  async () => {
    const started = await start();
    const { address, app } = started;
    const made = await app.inject({
      ...{ method: 'PUT', url: `/v1/projects/${PROJECT}`, headers: withToken() },
      payload: { visibility: 'none' },
    });
    expect([200, 201, 204]).toContain(made.statusCode);
    const page = await openMarked(`${address}/p/${PROJECT}`);
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe(
      'Nobody has reported yet.',
    );
    // What it tells to try is the real address.
    expect(await page.locator('#by-hand').innerText()).toContain(`${address}/v1/reports`);
    await runClient(started, 'aaaabbbbccccdddd', 1);
    await expect.poll(() => bigOf(page), SLOW).toBe('1');
    expect(await page.getByText('person so far today').isVisible()).toBe(true);
    expect(await isMarked(page)).toBe(true);
  },
);

it('a report by another person changes the overview by itself', LONG, async () => {
  const started = await start();
  const { address } = started;
  await runClient(started, 'aaaabbbbccccdddd', 1);
  const page = await openMarked(`${address}/p/${PROJECT}`);
  await expect.poll(() => bigOf(page), SLOW).toBe('1');
  await runClient(started, 'ddddccccbbbbaaaa', 2);
  await expect.poll(() => bigOf(page), SLOW).toBe('2');
  expect(await isMarked(page)).toBe(true);
});

it('the live page follows reports, and stands still while it is paused', LONG, async () => {
  const started = await start();
  const { address } = started;
  await runClient(started, 'aaaabbbbccccdddd', 1);
  const page = await openMarked(`${address}/p/${PROJECT}/live`);
  const rows = page.getByRole('main').locator('tbody tr');
  const state = page.getByRole('main').getByRole('status').first();
  await expect.poll(() => state.innerText(), SLOW).toContain('Live');
  await expect.poll(() => bigOf(page), SLOW).toBe('1');
  await runClient(started, 'ddddccccbbbbaaaa', 2);
  await expect.poll(() => bigOf(page), SLOW).toBe('2');
  await expect.poll(() => rows.count(), SLOW).toBe(2);

  await page.getByRole('button', { name: 'Pause' }).click();
  await expect.poll(() => state.innerText(), SLOW).toContain('Paused');
  await runClient(started, '0123456789abcdef', 3);
  expect(await bigOf(page)).toBe('2');
  await page.getByRole('button', { name: 'Go on' }).click();
  await expect.poll(() => bigOf(page), SLOW).toBe('3');
  expect(await isMarked(page)).toBe(true);
});
