import type { Page, Response } from 'playwright-core';
import { until } from '../../support/until.js';

const BUSY = 503;

/** Opens a page; again while the collector says that it is busy, as on a slow machine. */
export async function visit(page: Page, url: string): Promise<Response> {
  let response: Response | null = null;
  await until(`${url} is answered`, async () => {
    response = await page.goto(url, { waitUntil: 'load' });
    return response !== null && response.status() !== BUSY;
  });
  if (response === null) throw new Error(`No answer came from ${url}.`);
  return response;
}
