import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { type OpenedPage, shareBrowser } from '../../collector/test/browser/support/browser.js';
import { findBarriers } from '../../collector/test/browser/support/check-access.js';
import { tempFolder } from '../support/temp-folder.js';
import { shareFolder } from './static-server.js';

const repo = fileURLToPath(new URL('../../', import.meta.url));
const open = shareBrowser();
const address = shareFolder(join(repo, 'site', 'dist'));

type Page = OpenedPage['page'];

const MAIN_PAGES = [
  '/',
  '/first-ten-minutes.html',
  '/recipes/cli.html',
  '/api/headcount/cli/',
  '/reference/options.html',
  '/protocol.html',
  '/promises.html',
  '/comparison.html',
  '/collector/',
];

/** Opens a page, once its script runs: it takes the focus into the page on a click. */
async function visit(page: Page, path: string): Promise<void> {
  await page.goto(address() + path, { waitUntil: 'networkidle' });
  await page.waitForFunction(`document.querySelector('#app').__vue_app__ !== undefined`);
}

const width = (page: Page): Promise<number> =>
  page.evaluate<number>('document.documentElement.scrollWidth');
const isDark = (page: Page): Promise<boolean> =>
  page.evaluate<boolean>(`document.documentElement.classList.contains('dark')`);

describe.each(MAIN_PAGES)('%s', (path) => {
  it.each([
    { width: 1280, theme: 'light' as const },
    { width: 360, theme: 'dark' as const },
  ])('is read by everybody, $width px wide, $theme', async (look) => {
    const { page, faults } = await open(look);
    await visit(page, path);
    expect(await page.locator('h1').count()).toBe(1);
    expect(await isDark(page)).toBe(look.theme === 'dark');
    expect(await width(page)).toBe(look.width);
    expect(await findBarriers(page)).toEqual([]);
    expect(faults).toEqual([]);
  });
});

it('a page is there without script', async () => {
  const { page } = await open({ hasScript: false });
  await page.goto(`${address()}/recipes/server.html`);
  expect(await page.locator('h1').innerText()).toContain('A server');
  expect(await page.locator('.vp-doc pre').first().isVisible()).toBe(true);
});

it('the search finds a page by the keyboard alone, and asks nobody', async () => {
  const { page, faults } = await open();
  await visit(page, '/');
  await page.keyboard.press('Control+k');
  await page.locator('#localsearch-input').waitFor();
  await page.keyboard.type('monorepo workspaces');
  await page.locator('#localsearch-list a').first().waitFor();
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/recipes\/monorepo\.html/);
  expect(faults).toEqual([]);
});

it('the theme follows the system until it is switched, and stays then', async () => {
  const { page } = await open({ theme: 'light' });
  await visit(page, '/');
  expect(await isDark(page)).toBe(false);
  await page.locator('.VPNavBarAppearance button').press('Enter');
  expect(await isDark(page)).toBe(true);
  await visit(page, '/protocol.html');
  expect(await isDark(page)).toBe(true);
});

it('the keyboard leads past the navigation, and its place is seen', async () => {
  const { page } = await open();
  await visit(page, '/promises.html');
  await page.keyboard.press('Tab');
  expect(await page.evaluate('document.activeElement.textContent.trim()')).toBe('Skip to content');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  const focused = `(() => {
    const at = document.activeElement;
    const { outlineStyle, outlineWidth } = getComputedStyle(at);
    return [at.closest('#VPContent') !== null, outlineStyle, parseFloat(outlineWidth) >= 2];
  })()`;
  expect(await page.evaluate(focused)).toEqual([true, 'solid', true]);
});

it.each([
  ['/recipes/cli.html', 'A server'],
  ['/collector/', 'Proxies'],
  ['/collector-performance.html', 'Manual'],
  ['/changes.html', 'All decisions'],
  ['/decisions/', 'Architecture'],
])('beside %s stand the pages around it, such as %s', async (path, name) => {
  const { page } = await open();
  await visit(page, path);
  const link = page.locator('.VPSidebar').getByRole('link', { name, exact: true });
  expect(await link.isVisible()).toBe(true);
});

it('the menu of a phone opens, leads on and closes', async () => {
  const { page } = await open({ width: 360 });
  await visit(page, '/first-ten-minutes.html');
  await page.locator('.VPLocalNav .menu').click();
  await page.locator('.VPSidebar').getByRole('link', { name: 'A server', exact: true }).click();
  await page.waitForURL(/\/recipes\/server\.html/);
  await page.locator('.VPSidebar.open').waitFor({ state: 'detached' });
});

it('the reference has a page of each public entry, with all that it exports', () => {
  // The casts: this package's own file.
  const { exports } = JSON.parse(readFileSync(join(repo, 'package.json'), 'utf8')) as {
    exports: Record<string, unknown>;
  };
  const entries = Object.keys(exports).filter((entry) => entry !== './package.json');
  expect(entries).toEqual(expect.arrayContaining(['.', './edge', './wire', './cli']));
  for (const entry of entries) {
    const source = entry === '.' ? 'index' : entry.slice(2);
    const text = readFileSync(join(repo, 'src', `${source}.ts`), 'utf8');
    const path = join(repo, 'site', 'dist', 'api', 'headcount', entry);
    const isAlone = existsSync(`${path}.html`);
    const page = readFileSync(isAlone ? `${path}.html` : join(path, 'index.html'), 'utf8');
    const names = [
      ...[...text.matchAll(/^export (?:type )?\{([^}]+)\}/gm)].flatMap(([, list = '']) =>
        list.split(',').map((name) => name.trim().split(' ').at(-1) ?? ''),
      ),
      ...[...text.matchAll(/^export (?:async )?function (\w+)/gm)].map(([, name = '']) => name),
    ].filter((name) => name !== '');
    expect(names.length, entry).toBeGreaterThan(0);
    expect(names.filter((name) => !page.includes(`>${name}`))).toEqual([]);
  }
});

it('the packages have nothing of the site', () => {
  for (const folder of [repo, join(repo, 'collector')]) {
    const args = ['pack', '--dry-run', '--json', '--ignore-scripts', '--silent'];
    // The cast: npm's own answer.
    const [packed] = JSON.parse(execFileSync('npm', args, { cwd: folder, encoding: 'utf8' })) as {
      files: { path: string }[];
    }[];
    const paths = packed?.files.map(({ path }) => path) ?? [];
    expect(paths.length).toBeGreaterThan(5);
    expect(paths.filter((path) => /^(?:site|docs)\/|vitepress/.test(path))).toEqual([]);
  }
});

it('a dead link, anchor or file of a built site is found', () => {
  const folder = tempFolder('site');
  mkdirSync(join(folder, 'deep'));
  const page = (body: string): string => `<html><body>${body}</body></html>`;
  writeFileSync(
    join(folder, 'index.html'),
    page(`<h1 id="here">A</h1><a href="#here"></a><a href="./deep/b.html#there">b</a>
      <a href="https://example.org/x">elsewhere</a><a class="x" href="/deep/b.html">b</a>
      <a href="#gone"></a><a href="/nowhere.html">n</a><img src="/gone.png"><a href="/deep/b.html#no"></a>`),
  );
  writeFileSync(
    join(folder, 'deep', 'b.html'),
    page('<h2 id="there">B</h2><a href="../">a</a><a href="../index.html#here">a</a>'),
  );
  const code = `import { findDeadLinks } from './site/find-dead-links.mjs';
    console.log(JSON.stringify(findDeadLinks(${JSON.stringify(folder)})))`;
  const found = JSON.parse(
    execFileSync('node', ['--input-type=module', '-e', code], { cwd: repo, encoding: 'utf8' }),
  ) as { page: string; link: string }[];
  expect(found.map(({ page: on, link }) => [on, link])).toEqual([
    ['index.html', '#gone'],
    ['index.html', '/nowhere.html'],
    ['index.html', '/gone.png'],
    ['index.html', '/deep/b.html#no'],
  ]);
});
