import { describe, expect, it } from 'vitest';
import { ADMIN_TOKEN, withToken } from '../support/admin-token.js';
import { fullReport } from '../support/reports.js';
import { startCollector, type TestCollector } from '../support/start-collector.js';

const FORM = {
  accept: 'text/html',
  'content-type': 'application/x-www-form-urlencoded',
  'sec-fetch-site': 'same-origin',
};

const send = (collector: TestCollector, url: string, fields: object, headers = {}) =>
  collector.app.inject({
    method: 'POST',
    url,
    headers: { ...FORM, ...headers },
    payload: new URLSearchParams({ ...fields }).toString(),
  });

const open = async (collector: TestCollector, url: string, cookie: string) =>
  collector.app.inject({ url, headers: { accept: 'text/html', cookie } });

/** Signs in, and returns the cookie as a browser sends it. */
async function signIn(collector: TestCollector, next = '/'): Promise<string> {
  const answer = await send(collector, '/sign-in', { token: ADMIN_TOKEN, next });
  expect(answer.statusCode).toBe(303);
  return String(answer.headers['set-cookie']).split(';')[0] ?? '';
}

describe('signing in', () => {
  it('leads to the page that was asked for, and out again', async () => {
    const collector = await startCollector();
    await collector.post('/v1/reports', fullReport());
    const refused = await open(collector, '/p/acme-cli/retention', '');
    expect(refused.statusCode).toBe(401);
    expect(refused.payload).toContain('/sign-in?next=%2Fp%2Facme-cli%2Fretention');
    const form = await open(collector, '/sign-in?next=%2Fp%2Facme-cli%2Fretention', '');
    expect(form.payload).toContain('name="next" value="/p/acme-cli/retention"');

    const answer = await send(collector, '/sign-in', {
      token: ` ${ADMIN_TOKEN}\n`,
      next: '/p/acme-cli/retention',
    });
    expect(answer).toMatchObject({
      statusCode: 303,
      headers: { location: '/p/acme-cli/retention' },
    });
    const cookie = String(answer.headers['set-cookie']).split(';')[0] ?? '';
    const page = await open(collector, '/p/acme-cli/retention', cookie);
    expect(page.statusCode).toBe(200);
    expect(page.payload).toContain('Administrator');
    expect(page.payload).not.toContain(ADMIN_TOKEN);

    const [, formKey = ''] = /name="form_key" value="([^"]+)"/.exec(page.payload) ?? [];
    expect(await send(collector, '/sign-out', {}, { cookie })).toMatchObject({ statusCode: 403 });
    expect(await open(collector, '/p/acme-cli/retention', cookie)).toMatchObject({
      statusCode: 200,
    });
    const out = await send(collector, '/sign-out', { form_key: formKey }, { cookie });
    expect(out).toMatchObject({ statusCode: 303, headers: { location: '/' } });
    expect(await open(collector, '/p/acme-cli/retention', cookie)).toMatchObject({
      statusCode: 401,
    });
  });

  it('leads back to the same view, and from the public page to that of the morning', async () => {
    const collector = await startCollector();
    await collector.post('/v1/reports', fullReport());
    const next = async (url: string): Promise<string[]> => {
      const { payload } = await open(collector, url, '');
      return [...payload.matchAll(/href="\/sign-in\?next=([^"]*)"/g)].map(([, to = '']) =>
        decodeURIComponent(to),
      );
    };
    const view = '/p/acme-cli/versions?range=28d';
    expect(new Set(await next(view))).toEqual(new Set([view]));
    expect(new Set(await next('/public/acme-cli'))).toEqual(new Set(['/p/acme-cli']));
    const bookmark = await open(collector, '/p/acme-cli?range=28d', '');
    expect(bookmark.headers.location).toBe('/public/acme-cli?range=28d');
    expect(new Set(await next('/public/acme-cli?range=28d'))).toEqual(
      new Set(['/p/acme-cli?range=28d']),
    );
  });

  it('says what is wrong with a token, and keeps the way', async () => {
    const collector = await startCollector();
    const answer = await send(collector, '/sign-in', { token: 'wrong', next: '/p/acme-cli' });
    expect(answer.statusCode).toBe(401);
    expect(answer.headers['set-cookie']).toBeUndefined();
    expect(answer.payload).toContain('unknown, was revoked, or has expired');
    expect(answer.payload).toContain('name="next" value="/p/acme-cli"');
    expect(answer.payload).not.toContain('wrong"');
  });

  it('leads to no other host', async () => {
    const collector = await startCollector();
    for (const next of [
      'https://evil.example/',
      '//evil.example/',
      '/\\evil.example/',
      '/\t/evil.example',
      '/.//evil.example',
      'javascript:alert(1)',
      '',
    ]) {
      const answer = await send(collector, '/sign-in', { token: ADMIN_TOKEN, next });
      const { location } = answer.headers;
      const url = new URL(String(location), 'http://collector.example');
      expect([next, url.host]).toEqual([next, 'collector.example']);
    }
  });

  it('is refused to pages of other origins', async () => {
    const collector = await startCollector();
    const fields = { token: ADMIN_TOKEN };
    for (const site of ['cross-site', 'same-site']) {
      const answer = await send(collector, '/sign-in', fields, { 'sec-fetch-site': site });
      expect([site, answer.statusCode]).toEqual([site, 403]);
      expect(answer.headers['set-cookie']).toBeUndefined();
    }
  });

  it('is not undone by pages of other origins, which send no cookie along', async () => {
    const collector = await startCollector();
    const foreign = [
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { referer: 'https://evil.example/page' },
    ];
    const { app } = collector;
    for (const headers of foreign) {
      const answer = await app.inject({
        ...{ method: 'POST', url: '/sign-out', payload: '' },
        headers: { accept: 'text/html', 'content-type': FORM['content-type'], ...headers },
      });
      expect([headers, answer.statusCode]).toEqual([headers, 403]);
      expect(answer.headers['set-cookie']).toBeUndefined();
      expect(answer.payload).toContain('<html');
      const api = await app.inject({ method: 'DELETE', url: '/v1/session', headers });
      expect([headers, api.statusCode]).toEqual([headers, 403]);
      expect(api.headers['set-cookie']).toBeUndefined();
    }
    // With a cookie that means nothing any more, the own page still takes it back.
    expect(await send(collector, '/sign-out', {})).toMatchObject({ statusCode: 303 });
  });

  it('shows a browser a page where there is nothing, and programs a problem', async () => {
    const collector = await startCollector();
    const page = await collector.stranger('/nothing/here', { accept: 'text/html,*/*;q=0.8' });
    expect(page).toMatchObject({ status: 404 });
    expect(page.text).toContain('There is nothing here');
    const problem = await collector.stranger('/nothing/here', { accept: '*/*' });
    expect(problem).toMatchObject({ status: 404, body: { code: 'not_found' } });
  });

  it('by a token of one project is shown on pages of no project, and of others', async () => {
    const collector = await startCollector({ visibility: 'detailed' });
    await collector.post('/v1/reports', fullReport());
    await collector.post('/v1/reports', { ...fullReport(), project: 'other' });
    const wanted = { level: 'restricted', project: 'acme-cli', name: 'Ann' };
    const { body } = await collector.post('/v1/tokens', wanted, withToken());
    const answer = await send(collector, '/sign-in', { token: String(body['token']) });
    const cookie = String(answer.headers['set-cookie']).split(';')[0] ?? '';
    for (const url of ['/', '/p/acme-cli', '/public/acme-cli', '/public/other']) {
      const page = await open(collector, url, cookie);
      expect([url, page.statusCode]).toEqual([url, 200]);
      const [header = ''] = /<header[^]*<\/header>/.exec(page.payload) ?? [];
      expect([url, header]).toEqual([url, expect.stringMatching(/title="Ann">.*Sign out/s)]);
      expect(page.payload).not.toContain('>Sign in<');
    }
  });

  it('shows the projects that one may see', async () => {
    const collector = await startCollector();
    await collector.post('/v1/reports', fullReport());
    const cookie = await signIn(collector);
    expect((await open(collector, '/', cookie)).payload).toContain('href="/p/acme-cli"');
    const json = await collector.app.inject({ url: '/', headers: { accept: '*/*' } });
    expect(json.json()).toMatchObject({ name: 'headcount-collector' });
  });
});
