import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { until } from '../support/until.js';
import { firstGenerationReport, fullReport } from '../support/reports.js';
import { startCollector, type TestCollector } from '../support/start-collector.js';
import { listen, startRelay, type TestRelay } from '../support/start-relay.js';

const NOW = new Date('2026-11-22T21:00:00.000Z');
const now = (): Date => NOW;

const counted = async (
  collector: TestCollector,
): Promise<{ people: unknown; reports: unknown }> => {
  const { body } = await collector.get('/stats');
  return { people: body['total_users'], reports: body['total_reports'] };
};
const emptied = async (relay: TestRelay): Promise<void> =>
  until('nothing waits', async () => (await relay.state())['waiting_reports'] === 0);

it('answers as a collector does, and the collector counts the same', async () => {
  const collector = await startCollector({ now });
  const direct = await startCollector({ now });
  const relay = await startRelay(await listen(collector), { now });
  const good = fullReport();
  const requests: [url: string, body: unknown][] = [
    ['/v1/reports', good],
    ['/v1/reports', { sent_at: NOW.toISOString(), reports: [fullReport(), { project: 'x' }, 7] }],
    ['/v1/reports', { reports: [] }],
    ['/v1/reports', { reports: 5 }],
    ['/v1/reports', { ...good, anonymous_id: '' }],
    ['/v1/reports', { ...good, project: 'a\0b' }],
    ['/v1/reports', '{"a":'],
    ['/v1/reports', '{"__proto__":{}}'],
    ['/statistics', firstGenerationReport()],
    ['/?action=statistics', firstGenerationReport({ anonymous_id: 'b1b2c3d4e5f60718' })],
    ['/statistics', { project: 'x' }],
  ];
  for (const [url, body] of requests) {
    const expected = await direct.post(url, body);
    const answer = await relay.post(url, body);
    expect({ url, status: answer.status }).toEqual({ url, status: expected.status });
    expect({ ...answer.body, request_id: '' }).toEqual({ ...expected.body, request_id: '' });
  }
  await emptied(relay);
  expect(await counted(collector)).toEqual({ people: 3, reports: 4 });
  await until('it is counted', async () => (await counted(direct)).reports === 4);
  const { accepted } = await collector.store.quality({ project: null });
  expect(accepted).toBe(4);
});

it('passes on what a collector counts by, and keeps nothing else', async () => {
  const collector = await startCollector({ now });
  const relay = await startRelay(await listen(collector), { now });
  const fields = { tool: 'lint', ok: true, files: 3 };
  await relay.post('/v1/reports', {
    ...fullReport({ fields }),
    secret: 'of nobody',
    info: { ...fullReport().info, hostname: 'my-machine' },
  });
  await emptied(relay);
  const { body } = await collector.get(
    '/v1/stats/breakdown?dimension=field:startup.tool&project=acme-cli',
  );
  expect(JSON.stringify(body)).toContain('lint');
  expect(await collector.store.quality({ project: null })).toEqual({ accepted: 1 });
});

it('counts a report once that came twice, by two relays, or by a relay of a relay', async () => {
  const collector = await startCollector({ now });
  const url = await listen(collector);
  const relays = [await startRelay(url, { now }), await startRelay(url, { now })];
  const far = await startRelay((await relays[0]?.url()) ?? '', { now });
  const report = fullReport();
  const long = fullReport({ report_id: 'x'.repeat(5000), anonymous_id: 'b' });
  for (const relay of [...relays, far]) {
    for (const one of [report, report, long]) {
      expect(await relay.post('/v1/reports', one)).toMatchObject({ status: 202 });
    }
  }
  for (const relay of [far, ...relays]) await emptied(relay);
  expect(await counted(collector)).toEqual({ people: 2, reports: 2 });
});

it('gives a report without an ID one, so that it counts once however often it is passed on', async () => {
  const data = await startRelay('http://127.0.0.1:9').then(async (relay) => {
    for (let n = 0; n < 3; n++) await relay.post('/v1/reports', firstGenerationReport());
    await relay.close();
    return relay.data;
  });
  const collector = await startCollector();
  const url = await listen(collector);
  let answers = 0;
  // The first answer is lost on its way.
  const proxy = createServer((from, to) => {
    const passed = request(
      `${url}${from.url}`,
      { method: 'POST', headers: from.headers },
      (reply) => {
        if (++answers === 1) to.destroy();
        else reply.pipe(to.writeHead(reply.statusCode ?? 0, reply.headers));
      },
    );
    from.pipe(passed);
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const { port } = proxy.address() as AddressInfo;
  const relay = await startRelay(`http://127.0.0.1:${port}`, { data });
  await emptied(relay);
  expect(answers).toBeGreaterThan(1);
  expect((await counted(collector)).reports).toBe(3);
  await relay.close();
  proxy.close();
});
