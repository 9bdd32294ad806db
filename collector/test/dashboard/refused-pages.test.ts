import { describe, expect, it } from 'vitest';
import { withToken } from '../support/admin-token.js';
import { OWN_PAGE, signIn } from '../support/browser.js';
import { fullReport } from '../support/reports.js';
import { startCollector, type TestCollector } from '../support/start-collector.js';
import { until } from '../support/until.js';

const FORM = { 'content-type': 'application/x-www-form-urlencoded', accept: 'text/html' };

const send = (
  { app }: TestCollector,
  url: string,
  fields: Record<string, string>,
  headers: Record<string, string> = {},
) =>
  app.inject({
    ...{ method: 'POST', url, headers: { ...FORM, ...OWN_PAGE, ...headers } },
    payload: new URLSearchParams(fields).toString(),
  });

const long = 'x'.repeat(3000);

describe('a form that is refused', () => {
  it.each([
    ['/p/acme-cli/settings', 'Back to the form', 'en'],
    ['/p/acme-cli/settings?lang=zh', '返回表单', 'zh'],
    ['/sign-out', 'Back to the form', 'en'],
  ])('without its key is answered by a page with a way back: %s', async (url, back, lang) => {
    const collector = await startCollector();
    await collector.post('/v1/reports', fullReport());
    const { cookie } = await signIn(collector);
    const answer = await send(collector, url, { act: 'project-save' }, { cookie });
    expect(answer.statusCode).toBe(403);
    expect(answer.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(answer.body).toContain(`<html lang="${lang}`);
    const href = url === '/sign-out' ? '/' : url;
    expect(answer.body).toContain(`<a class="btn" href="${href}">${back}</a>`);
    expect(answer.headers['cache-control']).toBe('no-store');
  });

  it.each([
    ['/sign-in', { token: long }, {}, 422],
    ['/sign-in', { token: 'a' }, { 'sec-fetch-site': 'cross-site' }, 403],
    ['/your-data', { project: long }, {}, 422],
    ['/your-data', { project: 'acme-cli' }, { 'sec-fetch-site': 'cross-site' }, 403],
  ])('for what is in it is answered by a page: %s', async (url, fields, headers, status) => {
    const collector = await startCollector();
    const answer = await send(collector, url, fields, { ...headers, 'accept-language': 'zh' });
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([
      status,
      'text/html; charset=utf-8',
    ]);
    expect(answer.body).toContain('未做任何更改');
    expect(answer.body).not.toContain(long);
  });

  it('is a problem in JSON to a program', async () => {
    const collector = await startCollector();
    const answer = await send(collector, '/sign-in', { token: long }, { accept: '*/*' });
    expect(answer.json()).toMatchObject({ status: 422, code: 'wrong_type' });
  });
});

describe('a page that is refused', () => {
  it('is a page in the visitor’s language beyond the limit of requests', async () => {
    const collector = await startCollector({ statsRateLimit: 2 });
    await collector.post('/v1/reports', fullReport());
    const open = (url: string) =>
      collector.app.inject({
        ...{ url, remoteAddress: '203.0.113.7' },
        headers: { accept: 'text/html', 'accept-language': 'zh', ...withToken() },
      });
    const statuses = [];
    for (let n = 0; n < 2; n++) statuses.push((await open('/p/acme-cli/live')).statusCode);
    const refused = await open('/p/acme-cli');
    expect([...statuses, refused.statusCode]).toEqual([200, 200, 429]);
    expect(refused.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expect(refused.body).toContain('请求过多');
  });

  it('is 403 to a token of another project, and 401 to nobody', async () => {
    const collector = await startCollector();
    for (const project of ['acme-cli', 'other']) {
      await collector.post('/v1/reports', { ...fullReport(), project });
    }
    const { body } = await collector.post(
      '/v1/tokens',
      { level: 'developer', project: 'other' },
      withToken(),
    );
    const open = async (headers: Record<string, string>) =>
      (
        await collector.app.inject({
          url: '/p/acme-cli/quality',
          headers: { accept: 'text/html', ...headers },
        })
      ).statusCode;
    expect(await open(withToken(String(body['token'])))).toBe(403);
    expect(await open({})).toBe(401);
  });
});

describe('a project that is called as a step in a path', () => {
  it.each(['.', '..', '~..', '~'])('has pages, settings and a CSV: %s', async (project) => {
    const collector = await startCollector({ visibility: 'detailed' });
    await collector.post('/v1/reports', { ...fullReport(), project });
    const { cookie } = await signIn(collector);
    const open = (url: string) =>
      collector.app.inject({ url, headers: { accept: 'text/html', cookie, ...OWN_PAGE } });
    const home = await open('/');
    const [, href = ''] = /<a [^>]*href="(\/p\/[^"]+)"/.exec(home.body) ?? [];
    // As a browser does, which takes such steps out.
    expect(new URL(href, 'http://localhost').pathname).toBe(href);
    const page = await open(`${href}/settings`);
    expect(page.statusCode).toBe(200);
    expect(page.body).toContain(`<bdi>${project}</bdi>`);
    // A machine with much to do answers that it is busy.
    const csv = `${href.replace('/p/', '/public/')}/daily.csv`;
    await until('the CSV is answered', async () => (await open(csv)).statusCode === 200);
  });
});
