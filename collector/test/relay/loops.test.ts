import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, connect, createServer } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { ADMIN_TOKEN } from '../support/admin-token.js';
import { CLI } from '../support/built.js';
import { post } from '../support/load.js';
import { relayState, startRelayProcess } from '../support/relay-process.js';
import { fullReport } from '../support/reports.js';
import { type CollectorProcess, startProcess } from '../support/start-process.js';
import { startCollector } from '../support/start-collector.js';
import { listen, startRelay } from '../support/start-relay.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { until } from '../support/until.js';

const RELAYED_BY = 'headcount-relayed-by';

/** An address that leads to one that is not known yet, as a load balancer's does. */
async function openAlias(): Promise<{ readonly url: string; leadTo(url: string): void }> {
  let port = 0;
  const server = createServer((socket) => {
    const onward = connect(port, '127.0.0.1');
    socket.pipe(onward).pipe(socket);
    socket.on('error', () => onward.destroy());
    onward.on('error', () => socket.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    leadTo: (url) => (port = Number(new URL(url).port)),
  };
}

const startCounting = (): Promise<CollectorProcess> =>
  startProcess([
    ...['serve', '--port', '0', '--log-level', 'error', '--no-metrics'],
    ...['--data', temporaryFolder()],
  ]);

async function countedAt(url: string): Promise<unknown> {
  const headers = { authorization: `Bearer ${ADMIN_TOKEN}` };
  const answer = await fetch(`${url}/stats`, { headers });
  return ((await answer.json()) as Record<string, unknown>)['total_reports'];
}

async function warningOf(url: string): Promise<unknown> {
  const body = (await (await fetch(`${url}/health`)).json()) as {
    warnings: { upstream: { state: string; reason: string | null } };
  };
  return body.warnings.upstream;
}

interface Figures {
  readonly forwarded_reports: number;
  readonly failed_requests: number;
}
const figuresOf = async (url: string): Promise<Figures> =>
  (await relayState(url)) as unknown as Figures;

const doctor = (data: string): Promise<{ readonly code: number; readonly stdout: string }> =>
  new Promise((resolve) => {
    execFile(
      process.execPath,
      [CLI, 'doctor', '--data', data],
      { env: { PATH: process.env['PATH'] ?? '', HOME: temporaryFolder() } },
      (error, stdout) => resolve({ code: Number(error?.code ?? 0), stdout }),
    );
  });

async function end({ child, ended }: CollectorProcess): Promise<void> {
  child.kill('SIGTERM');
  await ended;
}

it('a relay that leads to itself keeps a report, says why, and delivers it once when it is mended', async () => {
  const alias = await openAlias();
  const data = temporaryFolder();
  const relay = await startRelayProcess(alias.url, data);
  const url = await relay.url();
  alias.leadTo(url);
  const before = await doctor(data);
  expect(before.stdout).toMatch(/FAIL {2}answer of --to: .* leads in a circle/);
  expect(before.code).toBe(1);

  expect(await post(`${url}/v1/reports`, fullReport())).toBe(202);
  await until('it has tried', async () => (await figuresOf(url)).failed_requests > 1);
  expect(await relayState(url)).toMatchObject({ waiting_reports: 1, forwarded_reports: 0 });
  expect(await warningOf(url)).toMatchObject({
    state: 'warning',
    reason: expect.stringContaining('leads in a circle') as unknown,
  });
  // Each pause is twice as long as the one before: of 1 second at first.
  expect((await figuresOf(url)).failed_requests).toBeLessThan(6);
  await end(relay);

  const collector = await startCounting();
  const to = await collector.url();
  const mended = await startRelayProcess(to, data);
  const own = await mended.url();
  await until('nothing waits', async () => (await relayState(own)).waiting_reports === 0);
  await until('it is counted', async () => (await countedAt(to)) === 1);
  expect(await warningOf(own)).toMatchObject({ state: 'ok' });
  expect((await doctor(data)).stdout).toContain(
    `ok    answer of --to: The collector answers at ${to}.`,
  );
});

it('two relays that lead to each other pass a report on once, both say why, and it is counted once', async () => {
  const alias = await openAlias();
  const [dataA, dataB] = [temporaryFolder(), temporaryFolder()];
  const a = await startRelayProcess(alias.url, dataA);
  const urlA = await a.url();
  const b = await startRelayProcess(urlA, dataB);
  const urlB = await b.url();
  alias.leadTo(urlB);
  for (const url of [urlA, urlB]) expect(await post(`${url}/v1/reports`, fullReport())).toBe(202);
  for (const url of [urlA, urlB]) {
    await until('it has tried', async () => (await figuresOf(url)).failed_requests > 1);
    expect(await figuresOf(url)).toMatchObject({ waiting_reports: 1, forwarded_reports: 1 });
    expect(await warningOf(url)).toMatchObject({
      state: 'warning',
      reason: expect.stringContaining('leads in a circle') as unknown,
    });
  }
  for (const data of [dataA, dataB]) {
    expect((await doctor(data)).stdout).toMatch(/FAIL {2}answer of --to: .* leads in a circle/);
  }

  const collector = await startCounting();
  const to = await collector.url();
  await end(a);
  const mended = await startRelayProcess(to, dataA);
  await end(b);
  const urlOfMended = await mended.url();
  const again = await startRelayProcess(urlOfMended, dataB);
  for (const relay of [mended, again]) {
    const url = await relay.url();
    await until('nothing waits', async () => (await relayState(url)).waiting_reports === 0);
  }
  await until('both are counted', async () => (await countedAt(to)) === 2);
});

it('a report that waits after a circle goes its way as soon as another relay is mended', async () => {
  const [aliasA, aliasB] = [await openAlias(), await openAlias()];
  const a = await startRelay(aliasB.url);
  const b = await startRelay(aliasA.url);
  aliasA.leadTo(await a.url());
  aliasB.leadTo(await b.url());
  await a.post('/v1/reports', fullReport());
  await until('it waits at B', async () => (await b.state())['waiting_reports'] === 1);
  await until('it was refused', async () => Number((await b.state())['failed_requests']) > 1);
  expect(await a.state()).toMatchObject({ waiting_reports: 0, forwarded_reports: 1 });

  const collector = await startCollector();
  await a.close();
  const mended = await startRelay(await listen(collector), { data: a.data });
  aliasA.leadTo(await mended.url());
  for (const relay of [b, mended]) {
    await until('nothing waits', async () => (await relay.state())['waiting_reports'] === 0);
  }
  await until('it is counted', async () => {
    return (await collector.get('/stats')).body['total_reports'] === 1;
  });
});

it('lets others pass a report that went in a circle, and forgets after an hour where it was', async () => {
  const taken: string[][] = [];
  const lists: string[] = [];
  const server = createHttpServer((request, reply) => {
    const list = String(request.headers[RELAYED_BY]);
    let text = '';
    request.on('data', (chunk: Buffer) => (text += chunk.toString()));
    request.on('end', () => {
      const { reports } = JSON.parse(text) as { reports: { anonymous_id: string }[] };
      lists.push(list);
      const isLoop = list.includes('former');
      if (!isLoop) taken.push(reports.map(({ anonymous_id: id }) => id));
      reply.writeHead(isLoop ? 508 : 202, { 'content-type': 'application/problem+json' });
      const type = 'urn:headcount:problem:loop_detected';
      reply.end(
        JSON.stringify(isLoop ? { type, status: 508 } : { accepted: reports.length, rejected: [] }),
      );
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  let clock = Date.parse('2026-11-22T21:00:00Z');
  const startedMs = performance.now();
  const relay = await startRelay(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, {
    now: () => new Date(clock),
    monotonicMs: () => performance.now() - startedMs,
  });
  const report = (id: string) => fullReport({ anonymous_id: id });
  await relay.post('/v1/reports', report('went-round'), { [RELAYED_BY]: 'former, other' });
  await until('it was refused', () => lists.length > 2);
  expect(lists[0]).toMatch(/^former, other, [\w-]+$/);
  await relay.post('/v1/reports', report('new'));
  await until('the other passes', () => taken.length === 1);
  expect(taken).toEqual([['new']]);
  const { body } = await relay.get('/health');
  expect(body).toMatchObject({
    status: 'healthy',
    relay: { waiting_reports: 1, refused_reports: {} },
    warnings: { upstream: { state: 'warning' } },
  });
  clock += 3_600_000;
  await until('nothing waits', async () => (await relay.state())['waiting_reports'] === 0);
  expect(taken).toEqual([['new'], ['went-round']]);
  expect(lists.at(-1)).toMatch(/^[\w-]+$/);
});

it('a chain of two relays delivers once, and all is well', async () => {
  const collector = await startCounting();
  const to = await collector.url();
  const near = await startRelayProcess(to, temporaryFolder());
  const data = temporaryFolder();
  const far = await startRelayProcess(await near.url(), data);
  const url = await far.url();
  expect(await post(`${url}/v1/reports`, fullReport())).toBe(202);
  await until('it is counted', async () => (await countedAt(to)) === 1);
  expect(await relayState(url)).toMatchObject({ waiting_reports: 0, failing_reason: null });
  expect(await warningOf(url)).toMatchObject({ state: 'ok', reason: null });
  expect((await doctor(data)).stdout).toMatch(/ok {4}answer of --to: /);
});

it.each([
  [['--port', '18203', '--to', 'http://127.0.0.1:18203']],
  [['--port', '18203', '--to', 'http://localhost:18203/v1/reports']],
  [['--port', '18203', '--to', 'http://[::1]:18203', '--host', '::']],
  [['--port', '18203', '--to', 'https://relay.acme.dev:18203', '--host', 'relay.acme.dev']],
])('does not start with its own address: %j', async (args) => {
  const relay = await startProcess(['relay', ...args, '--data', temporaryFolder()]);
  expect(await relay.ended).not.toBe(0);
  expect(relay.stderr()).toMatch(/--to.* is the address of this relay itself/);
});

const names = (count: number): string =>
  Array.from({ length: count }, (_, at) => `relay-${at}`).join(', ');

it('refuses what came by eight relays, or by what is no list of them, and counts that', async () => {
  const relay = await startRelay('http://127.0.0.1:9');
  const send = (list: string) => relay.post('/v1/reports', fullReport(), { [RELAYED_BY]: list });
  expect(await send(names(7))).toMatchObject({ status: 202 });
  for (const count of [8, 300]) {
    expect(await send(names(count))).toMatchObject({
      status: 508,
      body: { code: 'loop_detected', type: 'urn:headcount:problem:loop_detected' },
    });
  }
  for (const list of ['a b', '<script>', 'x'.repeat(65), '名']) {
    expect(await send(list)).toMatchObject({ status: 400, body: { code: 'bad_request' } });
  }
  expect(await relay.get('/v1/users/a?project=b', { [RELAYED_BY]: names(8) })).toMatchObject({
    status: 508,
  });
  expect(await relay.state()).toMatchObject({ waiting_reports: 1 });
  expect((await relay.get('/metrics')).text).toContain(
    'headcount_relay_rejected_reports_total{code="loop_detected"} 2',
  );
});
