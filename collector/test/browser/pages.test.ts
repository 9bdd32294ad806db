import { describe, expect, it } from 'vitest';
import { ADMIN_TOKEN } from '../support/admin-token.js';
import { shareBrowser } from './support/browser.js';
import { findBarriers } from './support/check-access.js';
import { shareDemoCollector } from './support/demo-collector.js';
import { PAGES } from './support/pages.js';
import { screenshotFile } from './support/screenshots.js';
import { visit } from './support/visit.js';

const WIDTHS = [360, 820, 1280];
const THEMES = ['light', 'dark'] as const;
const LANGUAGES = ['en', 'zh'] as const;

const collector = shareDemoCollector();
const open = shareBrowser();

describe.each(Object.entries(PAGES))('the page %s', (name, path) => {
  for (const theme of THEMES) {
    for (const language of LANGUAGES) {
      it(`is whole and open to all at every width, ${theme}, in ${language}`, async () => {
        const { page, faults } = await open({ theme, language, token: ADMIN_TOKEN });
        const isFound = name !== 'not-found';
        const response = await visit(page, collector().address + path);
        expect(response.status()).toBe(isFound ? 200 : 404);
        expect(await page.locator('h1').count()).toBe(1);
        expect(await page.locator('html').getAttribute('lang')).toBe(
          language === 'zh' ? 'zh-CN' : 'en',
        );
        for (const width of WIDTHS) {
          await page.setViewportSize({ width, height: 900 });
          await page.screenshot({
            path: screenshotFile(name, width, theme, language),
            fullPage: true,
          });
          const overflow = await page.evaluate<number>(
            'document.documentElement.scrollWidth - document.documentElement.clientWidth',
          );
          expect([width, 'scrolls sideways by', overflow]).toEqual([
            width,
            'scrolls sideways by',
            0,
          ]);
          // The other languages have the same elements and colours: once is enough.
          if (language !== 'en' && width !== 820) continue;
          expect([width, await findBarriers(page)]).toEqual([width, []]);
        }
        // The browser tells of every answer that is an error.
        expect(faults.filter((fault) => isFound || !fault.includes('404'))).toEqual([]);
      });
    }
  }
});
