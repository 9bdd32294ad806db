import { brotliCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { ADMIN_TOKEN, withToken } from '../support/admin-token.js';
import { shareBrowser } from './support/browser.js';
import { PROJECT, shareDemoCollector } from './support/demo-collector.js';
import { PAGES } from './support/pages.js';
import { visit } from './support/visit.js';

const MOST_BYTES = 60_000;

const collector = shareDemoCollector();
const open = shareBrowser();

const html = async (path: string): Promise<Response> => {
  const headers = { ...withToken(), accept: 'text/html' };
  return fetch(collector().address + path, { headers });
};

describe('the policy of pages', () => {
  it.each(Object.entries(PAGES))('is strict on %s, and the page keeps it', async (_name, path) => {
    const { page, faults } = await open({ token: ADMIN_TOKEN });
    // A page reports to itself what the policy has forbidden.
    await page.addInitScript(
      `window.violations = [];
       addEventListener('securitypolicyviolation', (event) => violations.push(event.violatedDirective));`,
    );
    const response = await visit(page, collector().address + path);
    const policy = (await response.headerValue('content-security-policy')) ?? '';
    const directives = Object.fromEntries(
      policy.split(';').map((text) => {
        const [name = '', ...values] = text.trim().split(/\s+/);
        return [name, values.join(' ')];
      }),
    );
    expect(directives).toMatchObject({
      'default-src': "'none'",
      'script-src': "'self'",
      'style-src': "'self'",
      'base-uri': "'none'",
      'frame-ancestors': "'none'",
    });
    expect(policy).not.toContain('unsafe');
    expect(await page.evaluate('violations')).toEqual([]);
    expect(faults.filter((fault) => !fault.includes('404'))).toEqual([]);

    const text = await response.text();
    expect(text).not.toMatch(/<[^>]+\sstyle=/);
    expect(text).not.toMatch(/<[^>]+\son[a-z]+=/);
    expect(text).not.toMatch(/<style\b/);
    const inline = [...text.matchAll(/<script\b([^>]*)>([^<]*)/g)].filter(
      ([, attributes = '']) => !attributes.includes(' src='),
    );
    // Data alone, which no browser runs.
    expect(inline.map(([, attributes]) => attributes)).toEqual([
      ' type="application/json" id="page"',
    ]);
  });

  it('would be seen to be broken', async () => {
    const { page, faults } = await open({ token: ADMIN_TOKEN });
    await visit(page, `${collector().address}/sign-in`);
    await page.evaluate(
      `document.body.insertAdjacentHTML('beforeend', '<img src="http://example.invalid/a.png" onerror="1">')`,
    );
    await expect.poll(() => faults.join('\n')).toContain('Content Security Policy');
  });
});

describe('scripts and styles', () => {
  it.each(['en', 'zh'])('are small, compressed and kept for good, in %s', async (language) => {
    const page = await (await html(`/sign-in?lang=${language}`)).text();
    const assets = [...page.matchAll(/(?:src|href)="(\/assets\/[^"]+\.(?:js|css))"/g)].map(
      ([, path = '']) => path,
    );
    expect(assets).toHaveLength(2);
    let bytes = 0;
    for (const path of assets) {
      const plain = await collector().app.inject({ url: path });
      const packed = await collector().app.inject({
        url: path,
        headers: { 'accept-encoding': 'gzip, br' },
      });
      expect(packed.headers).toMatchObject({ 'content-encoding': 'br' });
      expect(packed.headers['cache-control']).toMatch(/max-age=31536000.*immutable/);
      expect(packed.rawPayload.length).toBeLessThan(plain.rawPayload.length);
      // What is said to be compressed is compressed well.
      expect(packed.rawPayload.length).toBeLessThanOrEqual(
        brotliCompressSync(plain.rawPayload).length * 1.05,
      );
      bytes += packed.rawPayload.length;
    }
    expect(bytes).toBeLessThanOrEqual(MOST_BYTES);
  });
});

describe('motion', () => {
  const moving = `document.getAnimations().filter((one) => one.playState === 'running').length`;

  it.each([`/p/${PROJECT}`, '/p/acme-next', `/p/${PROJECT}/live`])(
    'is left out on %s where people want less of it',
    async (path) => {
      const { page } = await open({ token: ADMIN_TOKEN, hasMotion: false });
      await visit(page, collector().address + path);
      expect(await page.evaluate(moving)).toBe(0);
    },
  );

  it('is there for others', async () => {
    const { page } = await open({ token: ADMIN_TOKEN, hasMotion: true });
    await visit(page, `${collector().address}/p/acme-next`);
    expect(await page.evaluate(moving)).toBeGreaterThan(0);
  });
});
