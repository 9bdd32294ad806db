import type { Page } from 'playwright-core';

/** Signs in by the form, as people do, and stands on the page at the path then. */
export async function signIn(
  page: Page,
  address: string,
  token: string,
  next = '/',
): Promise<void> {
  await page.goto(`${address}/sign-in?next=${encodeURIComponent(next)}`);
  await page.getByLabel('Token').fill(token);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL(address + next);
}
