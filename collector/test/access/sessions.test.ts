import { existsSync, readFileSync, statSync, writeFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ADMIN_TOKEN, withToken } from '../support/admin-token.js';
import { OWN_PAGE, signIn } from '../support/browser.js';
import { fullReport } from '../support/reports.js';
import { startCollector, type TestCollector } from '../support/start-collector.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const HOUR_MS = 60 * 60 * 1000;
const START = new Date('2026-11-22T09:00:00.000Z');

/** A clock that a test sets. */
const createClock = () => {
  let at = START.getTime();
  return { now: () => new Date(at), pass: (ms: number) => (at += ms) };
};

const levelOf = async (
  { app }: TestCollector,
  headers: Record<string, string>,
): Promise<unknown> => {
  const answer = await app.inject({ url: '/v1/session', headers });
  return answer.statusCode === 200 ? answer.json<{ level: string }>().level : answer.statusCode;
};

async function makeToken(collector: TestCollector, body: object) {
  const made = await collector.post('/v1/tokens', body, withToken());
  expect(made.status).toBe(201);
  return made.body as { id: string; token: string };
}

const sessionsOf = async (collector: TestCollector, token: string) =>
  (await collector.get(`/v1/tokens/${token}/sessions`, withToken())).body['sessions'] as {
    id: string;
    created_at: string;
    last_seen_at: string;
    expires_at: string;
  }[];

describe('signing in', () => {
  it('sets a cookie of which scripts and other origins get nothing', async () => {
    const plain = await startCollector();
    expect((await signIn(plain)).setCookie).toMatch(
      /^headcount=[\w-]{43}; Max-Age=43200; Path=\/; HttpOnly; SameSite=Strict$/,
    );
    const proxied = await startCollector({ trustedProxies: ['127.0.0.1'] });
    const tls = { headers: { 'x-forwarded-proto': 'https' } };
    expect((await signIn(proxied, ADMIN_TOKEN, tls)).setCookie).toMatch(
      /^__Host-headcount=[\w-]{43}; Max-Age=43200; Path=\/; HttpOnly; Secure; SameSite=Strict$/,
    );
    // Nobody believes a proxy that is not named.
    expect((await signIn(plain, ADMIN_TOKEN, tls)).setCookie).not.toContain('Secure');
    const stranger = { ...tls, remoteAddress: '203.0.113.9' };
    expect((await signIn(proxied, ADMIN_TOKEN, stranger)).setCookie).not.toContain('Secure');
    const below = await startCollector({
      ...{ basePath: '/headcount', trustedProxies: ['127.0.0.1'] },
    });
    expect((await signIn(below, ADMIN_TOKEN, tls)).setCookie).toMatch(
      /^headcount=[\w-]{43}; Max-Age=43200; Path=\/headcount; HttpOnly; Secure; SameSite=Strict$/,
    );
  });

  it('says who one is, and opens what the token opens', async () => {
    const collector = await startCollector();
    const answer = await collector.app.inject({
      method: 'POST',
      url: '/v1/session',
      payload: { token: ADMIN_TOKEN },
      headers: OWN_PAGE,
    });
    expect(answer.statusCode).toBe(200);
    expect(answer.headers['cache-control']).toBe('no-store');
    const told = answer.json<Record<string, unknown>>();
    expect(told).toEqual({
      level: 'administrator',
      name: 'HEADCOUNT_ADMIN_TOKEN',
      project: null,
      expires_at: '2026-11-23T09:00:00.000Z',
      form_key: expect.stringMatching(/^[\w-]{43}$/) as string,
    });
    const [cookie = ''] = String(answer.headers['set-cookie']).split(';');
    const asked = await collector.stranger('/v1/session', { cookie });
    expect(asked.body).toEqual(told);
    expect(await collector.stranger('/v1/tokens', { cookie })).toMatchObject({ status: 200 });
    expect(await collector.stranger('/v1/session')).toMatchObject({
      status: 200,
      body: { level: 'public', name: null, project: null, expires_at: null, form_key: null },
    });
    const byToken = await collector.stranger('/v1/session', withToken());
    expect(byToken.body).toMatchObject({ level: 'administrator', form_key: null });
  });

  it('takes a form too, here and at no other route', async () => {
    const { app } = await startCollector();
    const form = { ...OWN_PAGE, 'content-type': 'application/x-www-form-urlencoded' };
    const payload = `token=${encodeURIComponent(ADMIN_TOKEN)}`;
    const post = { method: 'POST' as const, headers: form, payload };
    expect((await app.inject({ ...post, url: '/v1/session' })).statusCode).toBe(200);
    for (const url of ['/v1/reports', '/v1/tokens', '/v1/projects/acme-cli/annotations']) {
      const headers = { ...form, ...withToken() };
      expect((await app.inject({ ...post, url, headers })).statusCode).toBe(415);
    }
  });

  it('refuses wrong tokens, and many of them by the limit of tokens; none is logged', async () => {
    const collector = await startCollector();
    const wrong = (token: string) =>
      collector.post('/v1/session', { token }, OWN_PAGE).then(({ status, body, headers }) => ({
        ...{ status, code: body['code'], cookie: headers['set-cookie'] },
      }));
    for (const token of ['', 'hct_mark-of-a-wrong-token', 'x'.repeat(10_000)]) {
      expect(await wrong(token)).toEqual({ status: 401, code: 'bad_token', cookie: undefined });
    }
    let last = await wrong('hct_mark-of-a-wrong-token');
    for (let tries = 0; tries < 60; tries++) last = await wrong('hct_mark-of-a-wrong-token');
    expect(last).toMatchObject({ status: 429, code: 'rate_limited' });
    // The right one is never refused for them.
    const { cookie } = await signIn(collector);
    const secret = cookie.split('=')[1] ?? '?';
    for (const text of ['mark-of-a-wrong-token', ADMIN_TOKEN, secret]) {
      expect(collector.log()).not.toContain(text);
    }
  });

  it('is refused unless a page of the collector sends it', async () => {
    const collector = await startCollector({ corsOrigins: ['https://acme.dev'] });
    const own = { host: 'stats.acme.dev:8081' };
    for (const [headers, status] of [
      [{ 'sec-fetch-site': 'cross-site' }, 403],
      [{ 'sec-fetch-site': 'same-site' }, 403],
      [{ 'sec-fetch-site': 'cross-site', origin: 'http://stats.acme.dev:8081' }, 403],
      [{ origin: 'https://acme.dev' }, 403],
      [{ origin: 'https://stats.acme.dev:8081' }, 403],
      [{ origin: 'http://stats.acme.dev' }, 403],
      [{ origin: 'null' }, 403],
      [{ referer: 'https://acme.dev/page' }, 403],
      [{ origin: 'null', referer: 'http://stats.acme.dev:8081/' }, 403],
      [{}, 403],
      [{ 'sec-fetch-site': 'same-origin' }, 200],
      [{ 'sec-fetch-site': 'none' }, 200],
      // As a browser sees a collector behind a proxy that is not named.
      [{ 'sec-fetch-site': 'same-origin', origin: 'https://stats.acme.dev' }, 200],
      [{ origin: 'http://stats.acme.dev:8081' }, 200],
      [{ referer: 'http://stats.acme.dev:8081/sign-in' }, 200],
    ] as const) {
      const all: Record<string, string> = { ...own, ...headers };
      const answer = await collector.post('/v1/session', { token: ADMIN_TOKEN }, all);
      expect([headers, answer.status]).toEqual([headers, status]);
      expect('set-cookie' in answer.headers).toBe(status === 200);
      if (status === 403) expect(answer.body['code']).toBe('cross_origin');
    }
  });

  it('knows its own origin behind a proxy that is named', async () => {
    const collector = await startCollector({ trustedProxies: ['127.0.0.1'] });
    const forwarded = {
      host: '127.0.0.1:8081',
      'x-forwarded-proto': 'https',
      'x-forwarded-host': 'stats.acme.dev',
    };
    const ask = async (origin: string) =>
      (await collector.post('/v1/session', { token: ADMIN_TOKEN }, { ...forwarded, origin }))
        .status;
    expect(await ask('https://stats.acme.dev')).toBe(200);
    expect(await ask('https://stats.acme.dev:8443')).toBe(403);
    expect(await ask('http://127.0.0.1:8081')).toBe(403);
  });
});

describe('a session', () => {
  it('ends after 12 hours, seen or not', async () => {
    const clock = createClock();
    const collector = await startCollector({ now: clock.now });
    const { cookie, expiresAt } = await signIn(collector);
    expect(expiresAt).toBe('2026-11-22T21:00:00.000Z');
    clock.pass(12 * HOUR_MS - 1);
    expect(await levelOf(collector, { cookie })).toBe('administrator');
    clock.pass(1);
    expect(await levelOf(collector, { cookie })).toBe('public');
    expect(await collector.stranger('/v1/tokens', { cookie })).toMatchObject({
      status: 401,
      body: { code: 'token_required' },
    });
  });

  it('ends with its token: revoked, replaced or expired', async () => {
    const clock = createClock();
    const collector = await startCollector({ now: clock.now });
    const make = async (body: object = {}) => {
      const { id, token } = await makeToken(collector, { level: 'developer', ...body });
      return { id, ...(await signIn(collector, token)) };
    };
    const revoked = await make();
    const rotated = await make();
    const expiring = await make({ expires_at: '2026-11-22T10:00:00.000Z' });
    expect(expiring.expiresAt).toBe('2026-11-22T10:00:00.000Z');
    for (const { cookie } of [revoked, rotated, expiring]) {
      expect(await levelOf(collector, { cookie })).toBe('developer');
    }
    await collector.delete(`/v1/tokens/${revoked.id}`, withToken());
    expect(await levelOf(collector, { cookie: revoked.cookie })).toBe('public');
    await collector.app.inject({
      method: 'POST',
      url: `/v1/tokens/${rotated.id}/rotate`,
      headers: withToken(),
    });
    expect(await levelOf(collector, { cookie: rotated.cookie })).toBe('public');
    expect(await sessionsOf(collector, rotated.id)).toEqual([]);
    clock.pass(HOUR_MS);
    expect(await levelOf(collector, { cookie: expiring.cookie })).toBe('public');
  });

  it('ends by signing out, and its cookie is taken back', async () => {
    const collector = await startCollector();
    const { cookie, formKey } = await signIn(collector);
    const other = await signIn(collector);
    const headers = { ...OWN_PAGE, cookie, 'headcount-form-key': formKey };
    const out = await collector.delete('/v1/session', headers);
    expect(out.status).toBe(204);
    expect(String(out.headers['set-cookie'])).toMatch(
      /^headcount=; Max-Age=0; Path=\/; Expires=Thu, 01 Jan 1970 00:00:00 GMT; HttpOnly; SameSite=Strict$/,
    );
    expect(await levelOf(collector, { cookie })).toBe('public');
    expect(await levelOf(collector, { cookie: other.cookie })).toBe('administrator');
    expect((await collector.delete('/v1/session', OWN_PAGE)).status).toBe(204);
  });

  it('ends when somebody signs in anew in the same browser', async () => {
    const collector = await startCollector();
    const { cookie } = await signIn(collector);
    const again = await signIn(collector, ADMIN_TOKEN, { headers: { cookie } });
    expect(again.cookie).not.toBe(cookie);
    expect(await levelOf(collector, { cookie })).toBe('public');
    expect(await levelOf(collector, { cookie: again.cookie })).toBe('administrator');
  });

  it('sees the project of its token alone', async () => {
    const collector = await startCollector({ visibility: 'none' });
    for (const project of ['acme-cli', 'other']) {
      await collector.post('/v1/reports', fullReport({ project }));
    }
    const { token } = await makeToken(collector, { level: 'restricted', project: 'acme-cli' });
    const { cookie } = await signIn(collector, token);
    const asked = await collector.stranger('/v1/session', { cookie });
    expect(asked.body).toMatchObject({ level: 'restricted', project: 'acme-cli' });
    const ask = async (path: string) => (await collector.stranger(path, { cookie })).status;
    expect(await ask('/v1/stats/recent?project=acme-cli')).toBe(200);
    expect(await ask('/v1/stats/recent?project=other')).toBe(403);
    expect(await ask('/v1/stats/summary?project=other')).toBe(403);
    expect(await ask('/v1/stats/projects')).toBe(403);
    expect(await ask('/v1/tokens')).toBe(403);
  });

  it('means nothing beside a token, and no error if it is not one', async () => {
    const collector = await startCollector();
    const { cookie } = await signIn(collector);
    const { token } = await makeToken(collector, { level: 'restricted' });
    expect(await levelOf(collector, { cookie, ...withToken(token) })).toBe('restricted');
    expect(await levelOf(collector, { cookie, ...withToken('wrong') })).toBe(401);
    const [, secret = ''] = cookie.split('=');
    for (const garbage of [
      'headcount=',
      'headcount',
      '=',
      ';;;',
      `headcount=${'x'.repeat(43)}`,
      `headcount=${secret}x`,
      `headcount=${secret.slice(1)}`,
      `headcount=%00${secret}`,
      `headcount="${secret}`,
      `HEADCOUNT=${secret}`,
      `headcount2=${secret}`,
      `headcount=${'é'.repeat(20)}`,
      `headcount=${'x'.repeat(5000)}`,
      '__proto__=x; constructor=y',
      // Of two, whoever could set one would choose which counts.
      `headcount=${'x'.repeat(43)}; headcount=${secret}`,
      `headcount=${secret}; headcount=${'x'.repeat(43)}`,
    ]) {
      expect([garbage, await levelOf(collector, { cookie: garbage })]).toEqual([garbage, 'public']);
    }
    expect(await levelOf(collector, { cookie: `a=b; ${cookie}; c=d` })).toBe('administrator');
  });

  it('is not taken by TLS from the name that other hosts can set', async () => {
    const collector = await startCollector({ trustedProxies: ['127.0.0.1'] });
    const tls = { 'x-forwarded-proto': 'https' };
    const { cookie } = await signIn(collector, ADMIN_TOKEN, { headers: tls });
    expect(await levelOf(collector, { ...tls, cookie })).toBe('administrator');
    const renamed = cookie.replace('__Host-', '');
    expect(await levelOf(collector, { ...tls, cookie: renamed })).toBe('public');
  });

  it('keeps its answers out of shared caches', async () => {
    const collector = await startCollector();
    const { cookie } = await signIn(collector);
    const { headers } = await collector.stranger('/v1/stats/summary', { cookie });
    expect(headers['cache-control']).toBe('private, no-cache');
    expect(String(headers['vary'])).toMatch(/\bcookie\b/);
    const open = await collector.stranger('/v1/stats/summary');
    expect(open.headers['cache-control']).toBe('no-cache');
    expect(String(open.headers['vary'])).toMatch(/\bcookie\b/);
    expect(open.headers['etag']).not.toBe(headers['etag']);
  });
});

describe('the sessions of a token', () => {
  it('are shown to the administrator, without an address, and may be ended', async () => {
    const clock = createClock();
    const collector = await startCollector({ now: clock.now });
    const { id, token } = await makeToken(collector, { level: 'developer' });
    const first = await signIn(collector, token);
    clock.pass(HOUR_MS);
    const second = await signIn(collector, token);
    const third = await signIn(collector, token);
    clock.pass(7 * 60 * 1000);
    await levelOf(collector, { cookie: first.cookie });
    const sessions = await sessionsOf(collector, id);
    expect(sessions).toHaveLength(3);
    expect(sessions[2]).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{10}$/) as string,
      created_at: '2026-11-22T09:00:00.000Z',
      last_seen_at: '2026-11-22T10:05:00.000Z',
      expires_at: '2026-11-22T21:00:00.000Z',
    });
    const oldest = `/v1/tokens/${id}/sessions/${sessions[2]?.id}`;
    expect(await collector.delete(oldest, withToken())).toMatchObject({ status: 204 });
    expect(await levelOf(collector, { cookie: first.cookie })).toBe('public');
    expect(await levelOf(collector, { cookie: second.cookie })).toBe('developer');
    expect(await collector.delete(oldest, withToken())).toMatchObject({ status: 404 });
    const all = `/v1/tokens/${id}/sessions`;
    expect(await collector.delete(all, withToken())).toMatchObject({ status: 204 });
    expect(await levelOf(collector, { cookie: second.cookie })).toBe('public');
    expect(await levelOf(collector, { cookie: third.cookie })).toBe('public');
    const unknown = '/v1/tokens/nobody/sessions';
    expect(await collector.get(unknown, withToken())).toMatchObject({ status: 404 });
    expect(await collector.delete(unknown, withToken())).toMatchObject({ status: 404 });
    const { entries } = (await collector.get('/v1/audit', withToken())).body as {
      entries: { action: string; target: string; outcome: string; details?: object }[];
    };
    expect(entries.map(({ action, target, outcome }) => [action, target, outcome])).toEqual([
      ['DELETE /v1/tokens/:id/sessions', 'nobody', 'failed'],
      ['DELETE /v1/tokens/:id/sessions', id, 'done'],
      ['DELETE /v1/tokens/:id/sessions/:session', id, 'failed'],
      ['DELETE /v1/tokens/:id/sessions/:session', `${id} ${sessions[2]?.id}`, 'done'],
      ['POST /v1/tokens', id, 'done'],
    ]);
    expect(entries[1]?.details).toEqual({ sessions: 2 });
  });

  it('are 20 at most: the oldest one goes', async () => {
    const collector = await startCollector();
    const { id, token } = await makeToken(collector, { level: 'restricted' });
    const other = await signIn(collector);
    const all: string[] = [];
    for (let at = 0; at < 21; at++) all.push((await signIn(collector, token)).cookie);
    const levels = await Promise.all(all.map((cookie) => levelOf(collector, { cookie })));
    expect(levels).toEqual(['public', ...all.slice(1).map(() => 'restricted')]);
    expect(await sessionsOf(collector, id)).toHaveLength(20);
    expect(await levelOf(collector, { cookie: other.cookie })).toBe('administrator');
  });
});

describe('the file of sessions', () => {
  it('keeps them over a restart, by hashes alone, for nobody else to read', async () => {
    const data = temporaryFolder();
    const before = await startCollector({ data });
    const { token } = await makeToken(before, { level: 'developer' });
    const { cookie, formKey } = await signIn(before, token);
    const own = await signIn(before);
    await before.close();
    const path = join(data, 'sessions.json');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const text = readFileSync(path, 'utf8');
    for (const secret of [cookie.split('=')[1] ?? '?', formKey, token, ADMIN_TOKEN]) {
      expect(text).not.toContain(secret);
    }
    const after = await startCollector({ data });
    expect(await levelOf(after, { cookie })).toBe('developer');
    expect(await levelOf(after, { cookie: own.cookie })).toBe('administrator');
    const asked = await after.stranger('/v1/session', { cookie });
    expect(asked.body['form_key']).toBe(formKey);
    await after.close();
    // A collector that is started with another token does not know the sessions of the one before.
    const other = await startCollector({ data, adminToken: 'another-administrator-of-tests' });
    expect(await levelOf(other, { cookie: own.cookie })).toBe('public');
    expect(await levelOf(other, { cookie })).toBe('developer');
  });

  it('signs everybody out where it is damaged, and nothing else', async () => {
    const damages: ((path: string) => void)[] = [
      (path) => writeFileSync(path, '{"version":1,"sessions":[{"id":'),
      (path) => writeFileSync(path, '{"version":1,"sessions":[{"id":"x"}]}'),
      (path) => writeFileSync(path, ''),
      (path) => mkdirSync(path),
    ];
    for (const damage of damages) {
      const data = temporaryFolder();
      const path = join(data, 'sessions.json');
      damage(path);
      const collector = await startCollector({ data });
      expect(collector.log()).toContain('sessions failed');
      // Also where it cannot be written, people can look until the collector ends.
      const { cookie } = await signIn(collector);
      expect(await levelOf(collector, { cookie })).toBe('administrator');
      await collector.close();
      expect(existsSync(path)).toBe(true);
    }
  });

  it('does not bring a session back that has been ended', async () => {
    const data = temporaryFolder();
    const before = await startCollector({ data });
    const { cookie, formKey } = await signIn(before);
    const headers = { ...OWN_PAGE, cookie, 'headcount-form-key': formKey };
    await before.delete('/v1/session', headers);
    await before.close();
    const after = await startCollector({ data });
    expect(await levelOf(after, { cookie })).toBe('public');
  });
});
