import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { ADMIN_TOKEN, withToken } from '../support/admin-token.js';
import { shareBrowser } from './support/browser.js';
import { PROJECT, shareDemoCollector } from './support/demo-collector.js';
import { signIn } from './support/sign-in.js';
import { visit } from './support/visit.js';

const collector = shareDemoCollector();
const open = shareBrowser();

const LIVE = `/p/${PROJECT}/live`;

/** Makes a token. @returns its text and its ID */
async function makeToken(body: object): Promise<{ token: string; id: string }> {
  const made = await collector().post('/v1/tokens', body, withToken());
  expect(made.status).toBe(201);
  return { token: String(made.body['token']), id: String(made.body['id']) };
}

const linksOf = (page: Page): Promise<string[]> =>
  page.getByRole('navigation', { name: 'Pages' }).getByRole('link').allInnerTexts();

it('signs in by the form, keeps the token nowhere, and signs out', async () => {
  const { page, context, faults } = await open();
  const { address } = collector();
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));

  const refused = await visit(page, address + LIVE);
  expect(refused.status()).toBe(401);
  await page.getByRole('main').getByRole('link', { name: 'Sign in' }).click();
  await page.getByLabel('Token').fill(ADMIN_TOKEN);
  await page.keyboard.press('Enter');
  await page.waitForURL(address + LIVE);
  expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe('Live');

  const cookies = await context.cookies();
  const session = cookies.filter(({ httpOnly }) => httpOnly);
  expect(session).toMatchObject([{ httpOnly: true, sameSite: 'Strict' }]);
  expect(session[0]?.value).not.toContain(ADMIN_TOKEN);

  await page.getByRole('navigation', { name: 'Pages' }).getByText('Versions').click();
  await page.waitForURL(`${address}/p/${PROJECT}/versions`);
  const kept = await page.evaluate<string>(
    `JSON.stringify([location.href, history.state, document.cookie, { ...localStorage },
      { ...sessionStorage }, document.documentElement.outerHTML])`,
  );
  expect(kept).not.toContain(ADMIN_TOKEN);
  expect(kept).not.toContain(session[0]?.value);
  expect(asked.filter((url) => url.includes(ADMIN_TOKEN))).toEqual([]);

  await page.getByRole('button', { name: 'Sign out' }).first().click();
  await page.waitForURL(`${address}/`);
  expect((await context.cookies()).filter(({ httpOnly }) => httpOnly)).toEqual([]);
  expect((await visit(page, address + LIVE)).status()).toBe(401);
  expect(faults.filter((fault) => !fault.includes('401'))).toEqual([]);
});

it('says why a token is not taken, and keeps the way', async () => {
  const { page } = await open();
  const { address } = collector();
  await page.goto(`${address}/sign-in?next=${encodeURIComponent(LIVE)}`);
  await page.getByLabel('Token').fill('not-a-token-of-this-collector');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('alert').waitFor();
  expect(await page.getByRole('alert').innerText()).toContain('unknown, was revoked');
  expect(await page.getByLabel('Token').inputValue()).toBe('');
  await page.getByLabel('Token').fill(ADMIN_TOKEN);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL(address + LIVE);
});

it('shows each level its own pages, and nothing of the others', async () => {
  const { address } = collector();
  const seen: Record<string, readonly string[]> = {};
  for (const level of ['restricted', 'developer', 'administrator']) {
    const { token } = await makeToken({ level });
    const { page } = await open();
    await signIn(page, address, token, LIVE);
    seen[level] = await linksOf(page);
    const quality = await visit(page, `${address}/p/${PROJECT}/quality`);
    expect([level, quality.status()]).toEqual([level, level === 'restricted' ? 403 : 200]);
  }
  const all = ['Overview', 'Versions', 'Systems', 'Features', 'Retention', 'Live'];
  expect(seen['restricted']).toEqual(all);
  expect(seen['developer']).toEqual([...all, 'Quality', 'System']);
  expect(seen['administrator']).toEqual(expect.arrayContaining([...all, 'Quality', 'System']));
});

it('shows the token of a project that project alone', async () => {
  const { token } = await makeToken({ level: 'developer', project: 'acme-docs' });
  const { page } = await open();
  const { address } = collector();
  await signIn(page, address, token);
  expect((await visit(page, `${address}/p/acme-docs/live`)).status()).toBe(200);
  // As the API: the token is good, and not for the other project.
  expect((await visit(page, address + LIVE)).status()).toBe(403);
});

it('ends at the next click after its token was revoked', async () => {
  const { token, id } = await makeToken({ level: 'developer' });
  const { page } = await open();
  const { address } = collector();
  await signIn(page, address, token, LIVE);
  await page.evaluate('window.isSameDocument = true');
  const { status } = await collector().delete(`/v1/tokens/${id}`, withToken());
  expect([200, 204]).toContain(status);
  await page.getByRole('navigation', { name: 'Pages' }).getByText('Retention').click();
  await page.getByRole('main').getByRole('link', { name: 'Sign in' }).waitFor();
  expect(await page.getByText('active again').count()).toBe(0);
});
