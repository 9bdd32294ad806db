import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, onTestFinished } from 'vitest';

/** Debian's browser, which asks nobody but the pages it opens. */
const EXECUTABLE = '/usr/bin/chromium';
const ARGUMENTS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** How a page is looked at. */
export interface Look {
  /** In CSS pixels. */
  readonly width?: number;
  readonly theme?: 'light' | 'dark';
  readonly language?: 'en' | 'zh';
  readonly hasScript?: boolean;
  readonly hasMotion?: boolean;
  /** Sent with every request, as the API takes it; a session needs none. */
  readonly token?: string;
}

/** A page in a profile of its own, and what went wrong in it. */
export interface OpenedPage {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Errors of the console and of scripts, and requests to other hosts. Empty if all is well. */
  readonly faults: string[];
}

const LOCALES = { en: 'en-GB', zh: 'zh-CN' };
const HEIGHT = 900;

/** One browser for all tests of a file. */
export function shareBrowser(): (look?: Look) => Promise<OpenedPage> {
  let browser: Browser | undefined;
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: EXECUTABLE, args: ARGUMENTS });
  });
  afterAll(async () => browser?.close());
  return async (look = {}) => {
    if (browser === undefined) throw new Error('The browser starts before the first test.');
    const { width = 1280, theme = 'light', language = 'en', hasScript = true } = look;
    const context = await browser.newContext({
      viewport: { width, height: HEIGHT },
      colorScheme: theme,
      locale: LOCALES[language],
      javaScriptEnabled: hasScript,
      reducedMotion: look.hasMotion === true ? 'no-preference' : 'reduce',
      ...(look.token !== undefined && {
        extraHTTPHeaders: { authorization: `Bearer ${look.token}` },
      }),
    });
    onTestFinished(() => context.close());
    const page = await context.newPage();
    const faults: string[] = [];
    page.on('console', (message) => {
      // A collector on a slow machine may be busy: `visit` asks again, and fails if that stays.
      if (message.type() !== 'error' || message.text().includes('status of 503')) return;
      faults.push(`console: ${message.text()}`);
    });
    page.on('pageerror', ({ message }) => faults.push(`error: ${message}`));
    page.on('request', (request) => {
      const { hostname, protocol } = new URL(request.url());
      if (protocol !== 'data:' && protocol !== 'blob:' && hostname !== '127.0.0.1') {
        faults.push(`asked another host: ${request.url()}`);
      }
    });
    return { page, context, faults };
  };
}
