import { once } from 'node:events';
import { createServer, get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { networkInterfaces } from 'node:os';
import { expect, it, onTestFinished } from 'vitest';
import type { Logger } from 'pino';
import { openMetricsListener } from '../../src/metrics/metrics-listener.js';
import { withToken } from '../support/admin-token.js';
import { FORWARDED } from '../support/forwarded-headers.js';
import { fullReport } from '../support/reports.js';
import { shareCollector } from '../support/share-collector.js';
import type { TestCollector } from '../support/start-collector.js';
import { until } from '../support/until.js';

const shared = shareCollector();

interface Scraped {
  readonly status: number | undefined;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly text: string;
}

/** Serves metrics for some networks, and asks for them. */
async function serveMetrics(
  networks: readonly string[] = [],
  host = '127.0.0.1',
  collector: TestCollector = shared(),
) {
  const server = collector.createMetricsServer(networks).listen(0, host);
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  const ask = async (
    headers: Record<string, string> = {},
    { path = '/metrics', method = 'GET', to = host } = {},
  ): Promise<Scraped> => {
    const request = get({ host: to, port, path, method, headers, agent: false });
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    let text = '';
    for await (const chunk of response) text += String(chunk);
    return { status: response.statusCode, headers: response.headers, text };
  };
  return { ask, port };
}

async function tokenOf(level: string, more: object = {}): Promise<Record<string, string>> {
  const { body } = await shared().post('/v1/tokens', { level, ...more }, withToken());
  return { authorization: `Bearer ${String(body['token'])}` };
}

it('has the same figures as the route of the main port, in both formats, for this machine', async () => {
  const { ask } = await serveMetrics();
  await shared().post('/v1/reports', fullReport());
  for (const accept of ['text/plain', 'application/openmetrics-text; version=1.0.0']) {
    const { status, headers, text } = await ask({ accept });
    expect([status, headers['cache-control']]).toEqual([200, 'no-store']);
    expect(headers['content-type']).toContain(accept.split(';')[0]);
    const { text: own } = await shared().stranger('/metrics', { accept, ...withToken() });
    expect(namesIn(text)).toEqual(namesIn(own));
  }
  const head = await ask({}, { method: 'HEAD' });
  expect([head.status, head.text, Number(head.headers['content-length']) > 1000]).toEqual([
    ...[200, '', true],
  ]);
});

const namesIn = (text: string): string[] =>
  text.split('\n').filter((line) => line.startsWith('# TYPE'));

it('has nothing else', async () => {
  const { ask } = await serveMetrics();
  const statuses = async (path: string, method: string) => (await ask({}, { path, method })).status;
  expect(await statuses('/', 'GET')).toBe(404);
  expect(await statuses('/v1/stats/summary', 'GET')).toBe(404);
  expect(await statuses('/metrics/', 'GET')).toBe(404);
  expect(await statuses('/metrics?x=1', 'GET')).toBe(200);
  const posted = await ask({}, { method: 'POST' });
  expect([posted.status, posted.headers['allow']]).toEqual([405, 'GET, HEAD']);
});

it('needs a token for what a proxy passes on, and for pages that take the name of the machine', async () => {
  const { ask, port } = await serveMetrics(['127.0.0.1']);
  for (const header of FORWARDED) {
    const { status, text } = await ask({ [header]: '203.0.113.7' });
    expect([header, status]).toEqual([header, 401]);
    expect(text).toContain('--metrics-networks');
    expect(text).not.toContain('headcount_');
  }
  for (const host of [
    'evil.example',
    `evil.example:${port}`,
    'localhost.evil.example',
    '1.2.3.4',
  ]) {
    expect([host, (await ask({ host })).status]).toEqual([host, 401]);
  }
  for (const host of ['localhost', `LOCALHOST:${port}`, '127.0.0.1', `[::1]:${port}`]) {
    expect([host, (await ask({ host })).status]).toEqual([host, 200]);
  }
  const named = { host: 'stats.acme.dev', 'x-forwarded-for': '203.0.113.7' };
  expect((await ask({ ...named, ...withToken() })).status).toBe(200);
});

it('takes a token of the level developer or above, for all projects', async () => {
  const { ask } = await serveMetrics();
  const stranger = { 'x-forwarded-for': '203.0.113.7' };
  const statusOf = async (token: Record<string, string>) =>
    (await ask({ ...stranger, ...token })).status;
  expect(await statusOf(await tokenOf('developer'))).toBe(200);
  expect(await statusOf(await tokenOf('restricted'))).toBe(403);
  expect(await statusOf(await tokenOf('developer', { project: 'acme-cli' }))).toBe(403);
  expect(await statusOf({ authorization: 'Bearer hct_wrong' })).toBe(401);
  expect(await statusOf({ authorization: 'Basic eDp5' })).toBe(401);
  // Also from this machine: a token that is not valid is a mistake that must be seen.
  expect((await ask({ authorization: 'Bearer hct_wrong' })).status).toBe(401);
  expect((await ask({ authorization: 'Basic eDp5' })).status).toBe(401);
  for (let n = 0; n < 62; n++) await statusOf({ authorization: 'Bearer hct_wrong' });
  expect(await statusOf({ authorization: 'Bearer hct_wrong' })).toBe(429);
  expect(await statusOf(await tokenOf('developer'))).toBe(200);
});

it('opens to another machine with a token, or from the networks that are named', async () => {
  const outside = Object.values(networkInterfaces())
    .flatMap((one) => one ?? [])
    .find(({ internal, family }) => !internal && family === 'IPv4')?.address;
  if (outside === undefined) throw new Error('This test needs a network besides the loopback one.');
  const to = outside;
  const closed = await serveMetrics([], '0.0.0.0');
  expect((await closed.ask({}, { to })).status).toBe(401);
  expect((await closed.ask(withToken(), { to })).status).toBe(200);
  const elsewhere = await serveMetrics(['203.0.113.0/24', '2001:db8::/32'], '0.0.0.0');
  expect((await elsewhere.ask({}, { to })).status).toBe(401);
  const named = await serveMetrics([`${outside}/31`], '0.0.0.0');
  expect((await named.ask({}, { to })).status).toBe(200);
  expect((await named.ask({ 'x-forwarded-for': '203.0.113.7' }, { to })).status).toBe(401);
  // As sockets for both families show it.
  const both = await serveMetrics([outside], '::');
  expect((await both.ask({}, { to })).status).toBe(200);
});

it('answers many at once, and lets no more connections in than it can bear', async () => {
  const { ask } = await serveMetrics();
  const answers = await Promise.allSettled(Array.from({ length: 100 }, () => ask()));
  const statuses = answers.map((one) => (one.status === 'fulfilled' ? one.value.status : 'cut'));
  expect(new Set(statuses).has(200)).toBe(true);
  expect(statuses.every((status) => status === 200 || status === 'cut')).toBe(true);
  await until('it answers again', async () => (await ask().catch(() => undefined))?.status === 200);
});

it('takes a port that nobody has named as soon as it is free', async () => {
  const holder = createServer().listen(0, '127.0.0.1');
  await once(holder, 'listening');
  const { port } = holder.address() as AddressInfo;
  const lines: string[] = [];
  const logger = {
    info: (_: object, line: string) => lines.push(line),
    warn: (_: object, line: string) => lines.push(line),
  } as unknown as Pick<Logger, 'info' | 'warn'>;
  const options = { host: '127.0.0.1', port, logger, tryAgainMs: 5 };
  const open = (isNamed: boolean) =>
    openMetricsListener(shared().createMetricsServer([]), { ...options, isNamed });
  await expect(open(true)).rejects.toMatchObject({ code: 'EADDRINUSE' });
  const listener = await open(false);
  onTestFinished(() => listener.close());
  expect([listener.url, lines.length]).toEqual([undefined, 1]);
  holder.close();
  await until('it is served', () => listener.url !== undefined);
  expect((await fetch(String(listener.url))).status).toBe(200);
  expect(lines).toHaveLength(2);
  await listener.close();
  await expect(fetch(`http://127.0.0.1:${port}/metrics`)).rejects.toThrow();
});
