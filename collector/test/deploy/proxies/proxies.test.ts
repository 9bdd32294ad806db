import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withToken } from '../../support/admin-token.js';
import { MAX_BODY_BYTES } from '../../../src/intake/limits.js';
import { firstGenerationReport, fullReport, reportId } from '../../support/reports.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { type Certificate, makeCertificate } from '../support/certificate.js';
import { shareProcess } from '../support/share-process.js';
import { type Answer, ask, type Question } from './ask.js';
import { askHttp2 } from './ask-http2.js';
import { PROXY_NAMES, SITE, startProxy } from './start-proxy.js';
import { waitForProxy } from './wait-for-proxy.js';

const OUTER = '127.0.0.9';
const PER_MINUTE = 600;

const collector = shareProcess([
  ...['--base-path', '/headcount', '--trusted-proxies', `127.0.0.1,${OUTER}`, '--hosts', SITE],
  ...['--rate-limit', String(PER_MINUTE), '--stats-rate-limit', '0', '--new-projects-limit', '0'],
]);

const undo: (() => void | Promise<void>)[] = [];
const atEnd = (step: () => void | Promise<void>): void => void undo.unshift(step);
let certificate: Certificate;
const ports = new Map<string, number>();

beforeAll(async () => {
  certificate = makeCertificate(temporaryFolder(atEnd), SITE);
  const upstream = new URL(collector().address).host;
  for (const name of PROXY_NAMES) {
    const setting = { certificate, upstream, outerProxy: OUTER };
    const proxy = await startProxy(name, setting, atEnd);
    ports.set(name, proxy.port);
    await waitForProxy(proxy, { ca: certificate.ca, path: '/headcount/readyz' });
  }
});
afterAll(async () => {
  for (const step of undo) await step();
});

const send = (name: string, question: Omit<Question, 'port' | 'ca'>): Promise<Answer> =>
  ask({ port: ports.get(name) ?? 0, ca: certificate.ca, ...question });

const REPORTS = 100;

/** A batch of reports, which takes so much of its client's limit that time gives back little of it. */
const batch = (count = REPORTS): string =>
  JSON.stringify({
    sent_at: new Date().toISOString(),
    reports: Array.from({ length: count }, (_, n) =>
      fullReport({
        anonymous_id: n.toString(16).padStart(16, '0'),
        report_id: reportId(Date.now()),
        timestamp: new Date().toISOString(),
      }),
    ),
  });

const JSON_TYPE = { 'content-type': 'application/json' };

const report = (
  name: string,
  from: string,
  forwarded?: string | string[],
  body: string | Buffer = batch(),
): Promise<Answer> =>
  send(name, {
    ...{ from, path: '/headcount/v1/reports', body },
    headers: { ...JSON_TYPE, ...(forwarded !== undefined && { 'x-forwarded-for': forwarded }) },
  });

/** How many reports are left to a client. */
function leftOf({ status, headers }: Answer): number {
  expect(status).toBe(202);
  return Number(/;r=(\d+)/.exec(String(headers['ratelimit']))?.[1]);
}

/** How many batches a client has sent, by what is left to it. */
const batchesOf = (answer: Answer): number => Math.ceil((PER_MINUTE - leftOf(answer)) / REPORTS);

/** What clients write into the header, and proxies in front of the proxy. */
const WRITTEN: readonly [string, (client: number) => string | string[]][] = [
  ['an address', (client) => `1.2.${client}.4`],
  ['(null) before an address', (client) => `(null), 1.2.${client}.4`],
  ['unknown after an address', (client) => `1.2.${client}.4, unknown`],
  ['an address with a port', (client) => `1.2.${client}.4:50001`],
  ['an IPv6 address', (client) => `2001:db8:${client}::7`],
  ['an IPv6 address with a port', (client) => `[2001:db8:${client}::7]:50001`],
  ['several headers', (client) => ['9.9.9.9', `1.2.${client}.4`]],
];

let clients = 0;
/** A client that has not asked yet. */
const next = (): number => ++clients;
const addressOf = (client: number): string => `127.1.${client >> 8}.${client & 255}`;

describe.each(PROXY_NAMES)('%s', (name) => {
  it('counts two clients apart', async () => {
    const [one, other] = [addressOf(next()), addressOf(next())];
    expect((await report(name, one, undefined, batch(500))).status).toBe(202);
    expect((await report(name, one, undefined, batch(500))).status).toBe(429);
    expect((await report(name, other, undefined, batch(500))).status).toBe(202);
  });

  it('counts a client of IPv6 apart', async () => {
    // ::1 is the only address of IPv6 that every machine has.
    const [first, second] = [
      await report(name, '::1', undefined, batch(40)),
      await report(name, '::1', undefined, batch(40)),
    ];
    expect(leftOf(second)).toBeLessThan(leftOf(first));
    expect(batchesOf(await report(name, addressOf(next())))).toBe(1);
  });

  it.each(WRITTEN)('believes no client that writes %s', async (_, written) => {
    const [one, other] = [addressOf(next()), addressOf(next())];
    expect(batchesOf(await report(name, one, written(next())))).toBe(1);
    expect(batchesOf(await report(name, one, written(next())))).toBe(2);
    expect(batchesOf(await report(name, other, written(next())))).toBe(1);
  });

  it.each(WRITTEN)('counts clients apart behind a proxy that writes %s', async (_, written) => {
    const [one, other] = [written(next()), written(next())];
    expect(batchesOf(await report(name, OUTER, one))).toBe(1);
    expect(batchesOf(await report(name, OUTER, one))).toBe(2);
    expect(batchesOf(await report(name, OUTER, other))).toBe(1);
  });

  it('passes server-sent events on at once', async () => {
    let events = 0;
    let sentAt = 0;
    let cameAt = 0;
    await send(name, {
      path: '/headcount/v1/stats/live',
      headers: withToken(),
      onPiece: (piece) => {
        if (!piece.includes('event: summary')) return false;
        events += 1;
        if (events === 1) {
          sentAt = performance.now();
          void report(name, addressOf(next()));
          return false;
        }
        cameAt = performance.now();
        return true;
      },
    });
    // A summary comes a second after the one before; a proxy that buffers waits for the comments.
    expect(cameAt - sentAt).toBeLessThan(10_000);
  });

  it('passes paths and queries on as they are', async () => {
    const path = '/headcount/v1/users/a%2Fb%20c?project=acme-cli&x=%26';
    const { status, text } = await send(name, { path, headers: withToken() });
    expect([status, JSON.parse(text)]).toMatchObject([400, { parameter: 'x' }]);
    const { text: document } = await send(name, { path: '/headcount/openapi.json' });
    expect(JSON.parse(document)).toMatchObject({ servers: [{ url: '/headcount/' }] });
    const first = await send(name, {
      ...{ path: '/headcount?action=statistics', from: addressOf(next()), headers: JSON_TYPE },
      body: JSON.stringify(firstGenerationReport({ timestamp: new Date().toISOString() })),
    });
    expect(first.status).toBe(200);
  });

  it('passes nothing on from another path', async () => {
    const { headers, status } = await send(name, { path: '/livez' });
    expect([headers['x-request-id'], status >= 400 || name === 'caddy']).toEqual([undefined, true]);
  });

  it('passes compressed bodies on as they are', async () => {
    const body = gzipSync(batch());
    const from = addressOf(next());
    const headers = { ...JSON_TYPE, 'content-encoding': 'gzip' };
    const answer = await send(name, { path: '/headcount/v1/reports', from, body, headers });
    expect(JSON.parse(answer.text)).toMatchObject({ accepted: REPORTS });
  });

  it('takes bodies as large as the collector does', async () => {
    const padded = (bytes: number): string => batch(1).padEnd(bytes);
    const most = await report(name, addressOf(next()), undefined, padded(MAX_BODY_BYTES));
    expect(most.status).toBe(202);
    const more = await report(name, addressOf(next()), undefined, padded(MAX_BODY_BYTES + 1));
    expect([more.status, JSON.parse(more.text)]).toMatchObject([413, { code: 'too_large' }]);
  });

  it.each([
    ...['HTTP/1.1', 'HTTP/2'].flatMap((version) =>
      [1, 64 * 1024, MAX_BODY_BYTES, 3 * MAX_BODY_BYTES, 14 * MAX_BODY_BYTES].flatMap((more) => [
        [version, more, true] as const,
        [version, more, false] as const,
      ]),
    ),
  ])('says over %s that a body is %d bytes too large, its length told: %s', async (...example) => {
    const [version, more, isTold] = example;
    const body = batch(1).padEnd(MAX_BODY_BYTES + more);
    const question = {
      ...{ port: ports.get(name) ?? 0, ca: certificate.ca, path: '/headcount/v1/reports', body },
      headers: {
        ...JSON_TYPE,
        ...(isTold && { 'content-length': String(body.length) }),
        ...(!isTold && version === 'HTTP/1.1' && { 'transfer-encoding': 'chunked' }),
      },
    };
    const { status, headers, text } = await (version === 'HTTP/2' ? askHttp2 : ask)(question);
    expect([status, headers['content-type']]).toEqual([413, 'application/problem+json']);
    expect(JSON.parse(text)).toMatchObject({
      ...{ code: 'too_large', status: 413, title: 'The body is too large' },
      type: 'urn:headcount:problem:too_large',
    });
  });

  it('says the same of a body of which the collector would not read all', async () => {
    const bytes = 17 * MAX_BODY_BYTES;
    // Of a length that it is told, Apache waits for the body, and then answers 502.
    const { status, headers, text } = await send(name, {
      ...{ path: '/headcount/v1/reports', method: 'POST' },
      ...(name === 'apache'
        ? { headers: { ...JSON_TYPE, 'transfer-encoding': 'chunked' }, body: Buffer.alloc(bytes) }
        : { headers: { ...JSON_TYPE, 'content-length': String(bytes) } }),
    });
    expect([status, headers['content-type']]).toEqual([413, 'application/problem+json']);
    expect(JSON.parse(text)).toMatchObject({
      ...{ type: 'urn:headcount:problem:too_large', title: 'The body is too large', status: 413 },
      ...{ detail: expect.stringContaining('at most 1048576 bytes') as string, code: 'too_large' },
    });
  });

  it('takes as large a body over HTTP/2, told or not', async () => {
    const body = batch(1).padEnd(MAX_BODY_BYTES);
    for (const told of [{}, { 'content-length': String(body.length) }]) {
      const { status } = await askHttp2({
        ...{ port: ports.get(name) ?? 0, ca: certificate.ca, path: '/headcount/v1/reports', body },
        headers: { ...JSON_TYPE, ...told },
      });
      expect([told, status]).toEqual([told, 202]);
    }
  });

  it('passes the name on that it was asked by', async () => {
    const answer = await send(name, { path: '/headcount/stats', headers: { host: 'other.org' } });
    expect(answer.status === 200 && answer.headers['x-request-id'] !== undefined).toBe(false);
  });
});
