import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { ADMIN_TOKEN } from '../support/admin-token.js';
import { shareBrowser } from './support/browser.js';
import { PROJECT, shareDemoCollector } from './support/demo-collector.js';
import { PROJECT_PAGES } from './support/pages.js';
import { signIn } from './support/sign-in.js';
import { visit } from './support/visit.js';

const collector = shareDemoCollector();
const open = shareBrowser();

const OVERVIEW = `/p/${PROJECT}`;
const MOST_STOPS = 400;

/** What has the focus: its role or tag, its text, and how its focus is drawn. */
interface Stop {
  readonly tag: string;
  readonly text: string;
  readonly isVisible: boolean;
  readonly isMarked: boolean;
}

const FOCUSED = `(() => {
  const at = document.activeElement;
  const { outlineStyle, outlineWidth } = getComputedStyle(at);
  const { width, height } = at.getBoundingClientRect();
  return {
    tag: at.localName,
    text: (at.getAttribute('aria-label') || at.labels?.[0]?.textContent || at.textContent).trim(),
    isVisible: width > 1 && height > 1,
    isMarked: outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2,
  };
})()`;

const focused = (page: Page): Promise<Stop> => page.evaluate<Stop>(FOCUSED);

/** Tabs until something has the focus; from the end of the page on from its start, once. */
async function tabTo(page: Page, what: string): Promise<void> {
  for (let stops = 0, ends = 0; stops < MOST_STOPS && ends < 2; stops++) {
    await page.keyboard.press('Tab');
    const stop = await focused(page);
    if (stop.text === what) return;
    if (stop.tag === 'body') ends += 1;
  }
  throw new Error(`Tab does not lead to ${what}.`);
}

it('the skip link is first, and leads past the pages', async () => {
  const { page } = await open({ token: ADMIN_TOKEN });
  await visit(page, collector().address + OVERVIEW);
  await page.keyboard.press('Tab');
  expect(await focused(page)).toMatchObject({ text: 'Skip to content', isVisible: true });
  await page.keyboard.press('Enter');
  expect(await page.evaluate('document.activeElement.id')).toBe('main');
});

it.each(Object.entries(PROJECT_PAGES))(
  'the focus is seen at every stop of %s, and ends',
  async (_name, path) => {
    const { page } = await open({ token: ADMIN_TOKEN });
    await visit(page, collector().address + path);
    const stops: Stop[] = [];
    do {
      await page.keyboard.press('Tab');
      stops.push(await focused(page));
    } while (stops.at(-1)?.tag !== 'body' && stops.length < MOST_STOPS);
    expect(stops.at(-1)?.tag).toBe('body');
    const unseen = stops
      .slice(0, -1)
      .filter(({ isVisible, isMarked }) => !isVisible || !isMarked)
      .map(({ tag, text }) => `${tag}: ${text}`);
    expect(unseen).toEqual([]);
    expect(stops.every(({ text }) => text !== '')).toBe(true);
  },
);

it('the cursor of a chart moves by keys, and says what the table says', async () => {
  const { page } = await open({ token: ADMIN_TOKEN });
  await visit(page, collector().address + OVERVIEW);
  await tabTo(page, 'Active by day');
  const cursor = page.locator('.cursor:focus');
  const table = page.locator('#active-by-day-table table');
  const rows = await table.locator('tbody tr').count();
  const last = rows - 1;
  const said = (): Promise<string | null> => cursor.getAttribute('aria-valuetext');
  const row = async (): Promise<number> => Number(await cursor.getAttribute('aria-valuenow'));
  const inTable = async (at: number): Promise<string[]> => {
    const cells = await table.locator('tbody tr').nth(at).locator('th, td').allTextContents();
    return cells.map((cell) => cell.trim()).filter((cell) => cell !== '');
  };
  const moves: readonly (readonly [string, number])[] = [
    ['Home', 0],
    ['ArrowRight', 1],
    ['PageDown', 8],
    ['ArrowLeft', 7],
    ['PageUp', 0],
    ['ArrowLeft', 0],
    ['End', last],
    ['ArrowRight', last],
    ['ArrowLeft', last - 1],
  ];
  for (const [key, at] of moves) {
    await page.keyboard.press(key);
    expect([key, await row()]).toEqual([key, at]);
    for (const cell of await inTable(at)) expect(await said()).toContain(cell);
    expect(await cursor.evaluate((element: { className: string }) => element.className)).toContain(
      'on',
    );
  }
  await page.keyboard.press('Escape');
  expect(
    await cursor.evaluate((element: { className: string }) => element.className),
  ).not.toContain('on');
  await page.keyboard.press('ArrowLeft');
  const day = await table
    .locator('tbody tr')
    .nth(last - 2)
    .locator('a')
    .getAttribute('href');
  await page.keyboard.press('Enter');
  await page.waitForURL(collector().address + (day ?? ''));
});

it('a morning goes by the keyboard alone', async () => {
  const { page } = await open();
  const { address } = collector();
  await signIn(page, address, ADMIN_TOKEN, OVERVIEW);
  await tabTo(page, '7 days');
  await page.keyboard.press('Enter');
  await page.waitForURL(/range=7d/);
  await expect
    .poll(() => page.locator('#active-by-day-table tbody tr').count(), { timeout: 20_000 })
    .toBe(7);

  const compare = page.locator('details.pick');
  await compare.locator('summary').focus();
  await page.keyboard.press('Enter');
  expect(await compare.getAttribute('open')).toBe('');
  await tabTo(page, 'nothing');
  await page.keyboard.press('Enter');
  await page.waitForURL(/compare=none/);

  const foot = page.locator('#active-by-day details, .acts details').first();
  await foot.locator('summary').focus();
  await page.keyboard.press('Space');
  expect(await page.locator('#active-by-day-table').isVisible()).toBe(true);
  await page.keyboard.press('Tab');
  expect((await focused(page)).text).toBe('Table: Active by day');

  await tabTo(page, 'Sign out');
  await page.keyboard.press('Enter');
  await page.waitForURL(`${address}/`);
});
