import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { ADMIN_TOKEN } from '../support/admin-token.js';
import { shareBrowser } from './support/browser.js';
import { PROJECT, shareDemoCollector } from './support/demo-collector.js';
import { PAGES, PROJECT_PAGES } from './support/pages.js';
import { signIn } from './support/sign-in.js';
import { visit } from './support/visit.js';

const collector = shareDemoCollector();
const open = shareBrowser();

/** Texts of all tables, those of closed twins included. */
const tablesOf = (page: Page): Promise<string[]> => page.locator('#main table').allTextContents();

/** Lines, bars and areas that are drawn. */
const marksOf = (page: Page): Promise<number> =>
  page.locator('#main svg :is(path, rect, line, circle)').count();

it.each(Object.entries(PROJECT_PAGES).filter(([name]) => name !== 'live' && name !== 'system'))(
  'shows the same figures and charts on %s',
  async (_name, path) => {
    const plain = await open({ token: ADMIN_TOKEN, hasScript: false });
    const full = await open({ token: ADMIN_TOKEN });
    for (const { page } of [plain, full]) {
      const response = await visit(page, collector().address + path);
      expect(response.status()).toBe(200);
    }
    const tables = await tablesOf(plain.page);
    expect(tables.join('')).toMatch(/\d/);
    expect(tables).toEqual(await tablesOf(full.page));
    expect(await marksOf(plain.page)).toBeGreaterThan(5);
    expect(await marksOf(plain.page)).toBe(await marksOf(full.page));
    expect(plain.faults).toEqual([]);
  },
);

it.each(['live', 'system'])('shows the state as of now on %s', async (name) => {
  const { page, faults } = await open({ token: ADMIN_TOKEN, hasScript: false });
  const response = await visit(page, `${collector().address}/p/${PROJECT}/${name}`);
  expect(response.status()).toBe(200);
  expect(await page.locator('#main').innerText()).toMatch(/\d/);
  expect(faults).toEqual([]);
});

it('tables of charts open, and menus and forms work', async () => {
  const { page } = await open({ hasScript: false });
  const { address } = collector();
  await signIn(page, address, ADMIN_TOKEN, `/p/${PROJECT}?compare=none`);
  const table = page.locator('#active-by-day-table');
  expect(await table.isVisible()).toBe(false);
  await page.locator('details', { has: table }).locator('summary').click();
  expect(await table.isVisible()).toBe(true);

  await page.locator('.seg details summary').click();
  await page.getByLabel('First day').fill('2026-11-02');
  await page.getByLabel('Last day').fill('2026-11-08');
  await page.getByRole('button', { name: 'Show' }).click();
  await page.waitForURL(/range=custom/);
  expect(new URL(page.url()).searchParams.get('compare')).toBe('none');
  expect(await page.locator('#active-by-day-table tbody tr').count()).toBe(7);

  await page.getByRole('link', { name: '中文' }).click();
  expect(await page.locator('html').getAttribute('lang')).toBe('zh-CN');
  await page.locator('a.theme').click();
  expect(await page.locator('html').getAttribute('data-theme')).toBe('dark');
  await page.locator('form[action$="/sign-out"] button:visible').click();
  await page.waitForURL(`${address}/`);
  expect((await visit(page, `${address}/p/${PROJECT}/quality`)).status()).toBe(401);
});

it.each(Object.entries(PAGES))(
  'offers nothing on %s that only a script can do',
  async (_name, path) => {
    const { page } = await open({ token: ADMIN_TOKEN, hasScript: false });
    await visit(page, collector().address + path);
    const idle = page.locator('button[type="button"]:visible, input[type="range"]:visible');
    expect(await idle.count()).toBe(0);
  },
);

it('offers copying and sliders with a script', async () => {
  const { page } = await open({ token: ADMIN_TOKEN });
  await visit(page, `${collector().address}/public/${PROJECT}`);
  expect(await page.locator('[data-copy]:visible').count()).toBeGreaterThan(0);
  await visit(page, `${collector().address}/p/${PROJECT}/versions`);
  expect(await page.locator('input[type="range"]:visible').count()).toBe(1);
});
