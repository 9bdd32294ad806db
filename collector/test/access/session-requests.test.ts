import { describe, expect, it } from 'vitest';
import { withToken } from '../support/admin-token.js';
import { OWN_PAGE, signIn, type SignedIn } from '../support/browser.js';
import { fullReport } from '../support/reports.js';
import { startCollector, type TestCollector } from '../support/start-collector.js';

const LISTED = 'https://acme.dev';
const HOST = 'stats.acme.dev:8081';
const OWN = `http://${HOST}`;

type Headers = Readonly<Record<string, string>>;

/** Where a request says that it comes from, and whether that is a page of the collector. */
const SENDERS: readonly (readonly [Headers, boolean])[] = [
  [{ 'sec-fetch-site': 'same-origin', origin: OWN }, true],
  [{ 'sec-fetch-site': 'none' }, true],
  [{ 'sec-fetch-site': 'same-site', origin: LISTED }, false],
  [{ 'sec-fetch-site': 'cross-site', origin: LISTED }, false],
  [{ 'sec-fetch-site': 'cross-site', origin: OWN }, false],
  [{ 'sec-fetch-site': 'nonsense' }, false],
  [{ 'sec-fetch-site': '' }, false],
  [{ origin: OWN }, true],
  [{ origin: LISTED }, false],
  [{ origin: 'null' }, false],
  [{ origin: `https://${HOST}` }, false],
  [{ origin: OWN, referer: `${LISTED}/` }, true],
  [{ referer: `${OWN}/settings` }, true],
  [{ referer: `${OWN}.evil.example/` }, false],
  [{ referer: `${LISTED}/` }, false],
  [{}, false],
];

type Change = readonly [
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  url: string,
  payload: object | undefined,
  status: number,
];

/** What changes something, with the status where it is let in. */
const CHANGES: readonly Change[] = [
  ['POST', '/v1/tokens', { level: 'restricted' }, 201],
  ['PUT', '/v1/projects/acme-cli', { visibility: 'detailed' }, 200],
  ['PATCH', '/v1/projects/acme-cli/annotations/0123456789', { text: 'A note' }, 404],
  ['DELETE', '/v1/tokens/0123456789', undefined, 404],
  ['DELETE', '/v1/users/somebody?project=acme-cli', undefined, 202],
  ['POST', '/logs/clear', undefined, 404],
];

const send = async ({ app }: TestCollector, [method, url, payload]: Change, headers: Headers) => {
  const answer = await app.inject({
    ...{ method, url },
    headers: { host: HOST, ...headers },
    ...(payload !== undefined && { payload }),
  });
  const isProblem = String(answer.headers['content-type']).includes('problem+json');
  const code = isProblem ? answer.json<{ code: string }>().code : undefined;
  return { status: answer.statusCode, code, headers: answer.headers };
};

async function start(): Promise<[TestCollector, SignedIn]> {
  let ms = 0;
  const collector = await startCollector({
    ...{ corsOrigins: [LISTED], logBytesLimit: 0 },
    // No limit of requests is met.
    monotonicMs: () => (ms += 60_000),
  });
  await collector.post('/v1/reports', fullReport({ project: 'acme-cli' }));
  await collector.app.inject({
    ...{ method: 'PUT', url: '/v1/projects/acme-cli', headers: withToken() },
    payload: { visibility: 'summary' },
  });
  return [collector, await signIn(collector, undefined, { headers: { host: HOST } })];
}

describe('what changes something in the name of somebody who has signed in', () => {
  it.each(CHANGES)('%s %s needs a page of the collector and its form key', async (...change) => {
    const [collector, { cookie, formKey }] = await start();
    const other = await signIn(collector);
    const [, , , expected] = change;
    const wrongKeys = [undefined, '', 'x', other.formKey, `${formKey}x`, formKey.toLowerCase()];
    for (const [sender, isOwn] of SENDERS) {
      for (const key of wrongKeys) {
        const header = key === undefined ? {} : { 'headcount-form-key': key };
        const answer = await send(collector, change, { ...sender, cookie, ...header });
        expect([sender, key, answer.status, answer.code]).toEqual([
          ...[sender, key, 403],
          isOwn ? 'form_key_required' : 'cross_origin',
        ]);
      }
      const headers = { ...sender, cookie, 'headcount-form-key': formKey };
      const answer = await send(collector, change, headers);
      expect([sender, answer.status]).toEqual([sender, isOwn ? expected : 403]);
    }
  });

  it.each(CHANGES)('%s %s needs no form key with a token', async (...change) => {
    const [collector, { cookie }] = await start();
    const [, , , expected] = change;
    const foreign = { 'sec-fetch-site': 'cross-site', origin: LISTED };
    const answer = await send(collector, change, { ...foreign, cookie, ...withToken() });
    expect(answer.status).toBe(expected);
  });

  it('is not let in by a key in the body of JSON', async () => {
    const [collector, { cookie, formKey }] = await start();
    const answer = await collector.post(
      '/v1/tokens',
      { level: 'restricted', form_key: formKey },
      { ...OWN_PAGE, cookie },
    );
    expect(answer).toMatchObject({ status: 403, body: { code: 'form_key_required' } });
  });

  it('covers every route of the document that takes a token', async () => {
    const [collector, { cookie }] = await start();
    const { paths } = (await collector.stranger('/openapi.json')).body as {
      paths: Record<string, Record<string, { security?: object[] }>>;
    };
    const changing = Object.entries(paths).flatMap(([path, operations]) =>
      Object.entries(operations)
        .filter(([method, { security = [] }]) => {
          const takesToken = security.some((one) => 'token' in one);
          return method !== 'get' && takesToken;
        })
        .map(([method]) => [method.toUpperCase() as 'POST', path] as const),
    );
    expect(changing.length).toBeGreaterThan(20);
    for (const [method, path] of changing) {
      const url = path.replaceAll(/\{\w+\}/g, '0123456789');
      const headers = { ...OWN_PAGE, cookie };
      const { statusCode } = await collector.app.inject({ method, url, headers });
      expect([method, path, statusCode]).toEqual([method, path, 403]);
    }
  });

  it('does not keep pages of listed origins from reporting', async () => {
    const [collector, { cookie }] = await start();
    const foreign = { 'sec-fetch-site': 'cross-site', origin: LISTED, cookie };
    const sent = await collector.post('/v1/reports', fullReport(), foreign);
    expect(sent.status).toBe(202);
  });
});

describe('what reads in the name of somebody who has signed in', () => {
  it('gets the public answer for a page of another origin, listed or not', async () => {
    const [collector, { cookie }] = await start();
    const levelOf = async (sender: Headers) => {
      const headers = { host: HOST, ...sender, cookie };
      return (await collector.stranger('/v1/session', headers)).body['level'];
    };
    for (const [sender, level] of [
      [{ 'sec-fetch-site': 'cross-site', origin: LISTED }, 'public'],
      [{ 'sec-fetch-site': 'same-site', origin: LISTED }, 'public'],
      [{ 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' }, 'public'],
      [
        { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' },
        'public',
      ],
      [{ origin: LISTED }, 'public'],
      [{ origin: 'null' }, 'public'],
      [{ origin: OWN }, 'administrator'],
      [{}, 'administrator'],
      [{ 'sec-fetch-site': 'same-origin' }, 'administrator'],
      [{ 'sec-fetch-site': 'none' }, 'administrator'],
      // A link from another host of the domain: its page cannot read the window that it opens.
      [
        {
          'sec-fetch-site': 'same-site',
          'sec-fetch-mode': 'navigate',
          'sec-fetch-dest': 'document',
        },
        'administrator',
      ],
    ] as const) {
      expect([sender, await levelOf(sender)]).toEqual([sender, level]);
    }
    const foreign = { host: HOST, 'sec-fetch-site': 'cross-site', origin: LISTED, cookie };
    const read = await collector.stranger('/v1/stats/summary?project=acme-cli', foreign);
    const open = await collector.stranger('/v1/stats/summary?project=acme-cli', { origin: LISTED });
    expect(read.status).toBe(200);
    expect(read.body).toEqual({ ...open.body, as_of: read.body['as_of'] });
    expect(read.headers).not.toHaveProperty('access-control-allow-credentials');
    expect(await collector.stranger('/v1/tokens', foreign)).toMatchObject({ status: 401 });
  });

  it('cannot be asked across origins with a form key', async () => {
    const [collector] = await start();
    const { headers } = await collector.app.inject({
      method: 'OPTIONS',
      url: '/v1/tokens',
      headers: {
        origin: LISTED,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'headcount-form-key',
      },
    });
    expect(String(headers['access-control-allow-headers'])).not.toContain('form-key');
    expect(headers).not.toHaveProperty('access-control-allow-credentials');
  });
});

describe('a stream', () => {
  it('ends with the session that it was asked in', async () => {
    const [collector, { cookie, formKey }] = await start();
    const url = await collector.app.listen({ port: 0, host: '127.0.0.1' });
    const response = await fetch(`${url}/v1/stats/live?project=acme-cli`, { headers: { cookie } });
    expect(response.status).toBe(200);
    const ended = response.text().catch(() => 'cut off');
    const headers = { ...OWN_PAGE, cookie, 'headcount-form-key': formKey };
    expect((await collector.delete('/v1/session', headers)).status).toBe(204);
    await collector.post('/v1/reports', fullReport({ project: 'acme-cli' }));
    await ended;
  });
});

describe('a form', () => {
  /** A page that takes forms, as those of the dashboard do. */
  async function startWithForm(): Promise<[TestCollector, SignedIn]> {
    const collector = await startCollector();
    const config = { level: 'administrator', takesForms: true } as const;
    collector.app.post('/test-form', { config }, (request) => ({ body: request.body }));
    return [collector, await signIn(collector)];
  }

  it('brings the form key in a field', async () => {
    const [collector, { cookie, formKey }] = await startWithForm();
    const post = async (fields: Record<string, string>, headers: Headers) => {
      const answer = await collector.app.inject({
        method: 'POST',
        url: '/test-form',
        headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
        payload: new URLSearchParams(fields).toString(),
      });
      return { status: answer.statusCode, body: answer.json<Record<string, unknown>>() };
    };
    const mine = { ...OWN_PAGE, cookie };
    const fields = { name: 'a & b=ä', form_key: formKey };
    expect(await post(fields, mine)).toEqual({ status: 200, body: { body: fields } });
    expect(await post({ name: 'x' }, { ...mine, 'headcount-form-key': formKey })).toMatchObject({
      status: 200,
    });
    for (const wrong of [{}, { form_key: '' }, { form_key: 'x' }, { form_key: `${formKey}x` }]) {
      expect(await post(wrong, mine)).toMatchObject({
        status: 403,
        body: { code: 'form_key_required' },
      });
    }
    for (const sender of [{}, { 'sec-fetch-site': 'cross-site' }, { origin: LISTED }]) {
      const { status } = await post(fields, { ...sender, cookie });
      expect([sender, status]).toEqual([sender, 401]);
    }
    expect(await post(fields, OWN_PAGE)).toMatchObject({ status: 401 });
    expect(await post({}, withToken())).toMatchObject({ status: 200 });
  });
});
