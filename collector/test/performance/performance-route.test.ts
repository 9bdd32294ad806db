import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { withToken } from '../support/admin-token.js';
import { fullReport } from '../support/reports.js';
import { shareCollector } from '../support/share-collector.js';
import { NOW, startCollector, type TestCollector } from '../support/start-collector.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { until } from '../support/until.js';

const shared = shareCollector();

type Row = Readonly<Record<string, string | number | null>>;

const EVERY = { samplePerformanceEveryMs: 20 };

async function ask(collector: TestCollector, query = ''): Promise<readonly Row[]> {
  const { status, body } = await collector.stranger(`/v1/performance${query}`, withToken());
  if (status !== 200) throw new Error(`It is answered with ${status}: ${JSON.stringify(body)}`);
  return body['rows'] as readonly Row[];
}

const sum = (rows: readonly Row[], name: string): number =>
  rows.reduce((all, row) => all + Number(row[name]), 0);

it('tells of the requests of the last day, hour by hour, and of who uses the processor', async () => {
  const collector = await startCollector(EVERY);
  for (let n = 0; n < 5; n++) {
    await collector.post('/v1/reports', { reports: [fullReport(), fullReport()] });
  }
  for (const url of ['/livez', '/readyz', '/health']) await collector.stranger(url);
  await collector.stranger('/metrics', withToken());
  const rows = await ask(collector);
  expect(rows).toHaveLength(24);
  const row = rows.at(-1) ?? {};
  // It is 21:00 o'clock, and stays so.
  expect(row).toMatchObject({
    ...{ start: '2026-11-22T20:00:00.000Z', end: '2026-11-22T21:00:00.000Z' },
    ...{ requests: 0, latency_p99_ms: null, requests_per_second: null, covered_seconds: 0 },
  });
  const to = '?to=2026-11-22T21:01:00Z';
  await until('its sample is there', async () => sum(await ask(collector, to), 'reports') === 10);
  const last = (await ask(collector, to)).at(-1) ?? {};
  expect(last).toMatchObject({ start: NOW.toISOString(), errors: 0, reports: 10 });
  // Those that ask here count too, and those that watch the collector do not.
  expect(Number(last['requests'])).toBeGreaterThanOrEqual(5);
  expect(Number(last['latency_p50_ms'])).toBeGreaterThan(0);
  expect(Number(last['latency_p99_ms'])).toBeGreaterThanOrEqual(Number(last['latency_p50_ms']));
  expect(Number(last['latency_max_ms'])).toBeGreaterThanOrEqual(Number(last['latency_p99_ms']));
  expect(Number(last['covered_seconds'])).toBeGreaterThan(0);
  expect(Number(last['cpu_percent'])).toBeGreaterThan(0);
  expect(Number(last['memory_max_bytes'])).toBeGreaterThan(20 * 1024 * 1024);
});

it('does not count what watches the collector', async () => {
  const collector = await startCollector(EVERY);
  for (let n = 0; n < 20; n++) await collector.stranger('/livez');
  const to = '?to=2026-11-22T21:01:00Z&interval=1m';
  let asked = 0;
  const last = async (): Promise<Row> => {
    asked += 1;
    return (await ask(collector, to)).at(-1) ?? {};
  };
  await until('samples are there', async () => Number((await last())['covered_seconds']) > 0.06);
  // Only the questions themselves.
  expect(Number((await last())['requests'])).toBeLessThan(asked);
});

it('keeps the last minute when it closes, and goes on after a start', async () => {
  const data = temporaryFolder();
  const first = await startCollector({ data });
  await first.post('/v1/reports', fullReport());
  await first.close();
  const second = await startCollector({ data });
  await second.post('/v1/reports', fullReport());
  await second.close();
  const third = await startCollector({ data });
  expect(sum(await ask(third, '?to=2026-11-22T21:01:00Z'), 'reports')).toBe(2);
});

it('is for developers', async () => {
  const collector = shared();
  expect((await collector.stranger('/v1/performance')).status).toBe(401);
  const tokenOf = async (level: string, more: object = {}) => {
    const { body } = await collector.post('/v1/tokens', { level, ...more }, withToken());
    return { authorization: `Bearer ${String(body['token'])}` };
  };
  const statusOf = async (headers: Record<string, string>) =>
    (await collector.stranger('/v1/performance', headers)).status;
  expect(await statusOf(await tokenOf('restricted'))).toBe(403);
  expect(await statusOf(await tokenOf('developer', { project: 'acme-cli' }))).toBe(403);
  expect(await statusOf(await tokenOf('developer'))).toBe(200);
});

it('answers with rows alone, as CSV and NDJSON', async () => {
  const collector = shared();
  const span = 'from=2026-11-20&to=2026-11-21&interval=6h';
  const rows = await ask(collector, `?${span}`);
  expect(rows).toHaveLength(8);
  const csv = await collector.stranger(`/v1/performance?${span}&format=csv`, withToken());
  expect(csv.headers['content-type']).toBe('text/csv; charset=utf-8');
  const [head = '', ...lines] = csv.text.trimEnd().split('\r\n');
  expect(head.split(',')).toEqual(Object.keys(rows[0] ?? {}));
  expect(lines).toHaveLength(8);
  expect(lines[0]?.split(',').slice(0, 3)).toEqual([
    ...['2026-11-20T00:00:00.000Z', '2026-11-20T06:00:00.000Z', '0'],
  ]);
  const accept = { accept: 'application/x-ndjson', ...withToken() };
  const ndjson = await collector.stranger(`/v1/performance?${span}`, accept);
  expect(
    ndjson.text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Row),
  ).toEqual(rows);
});

it.each([
  ['from=2026-02-30', 'from'],
  ['from=2026-11-23T25:00:00Z', 'from'],
  ['from=yesterday', 'from'],
  ['to=2026-11-20&from=2026-11-21', 'from'],
  ['from=2026-11-22T21:00:00Z&to=2026-11-22T21:00:00Z', 'from'],
  ['from=2024-01-01', 'from'],
  ['from=2026-11-10&interval=1m', 'interval'],
  ['from=2026-11-01&interval=15m', 'interval'],
  ['interval=2h', 'interval'],
  ['intervall=1h', 'intervall'],
])('refuses %s and names what is wrong', async (query, parameter) => {
  const collector = shared();
  const { status, body } = await collector.stranger(`/v1/performance?${query}`, withToken());
  expect([status, body['code']]).toEqual([400, 'bad_parameter']);
  expect(JSON.stringify(body)).toContain(parameter);
});

it('answers 90 days by the hour', async () => {
  const collector = shared();
  const rows = await ask(collector, '?from=2026-08-25T00:00:00Z&interval=1h');
  expect(rows).toHaveLength(89 * 24 + 21);
});

it('goes on where the file was damaged, and says so in the log', async () => {
  const data = temporaryFolder();
  writeFileSync(join(data, 'performance.db'), 'no database '.repeat(1000), { flag: 'w' });
  const collector = await startCollector({ data, ...EVERY });
  await collector.post('/v1/reports', fullReport());
  await until('a sample is there', async () => {
    const to = '?to=2026-11-22T21:01:00Z';
    const { status, body } = await collector.stranger(`/v1/performance${to}`, withToken());
    return status === 200 && sum(body['rows'] as Row[], 'reports') === 1;
  });
  expect(readFileSync(join(data, 'performance.db.damaged'), 'utf8')).toContain('no database');
  expect(collector.log().split('performance.db was damaged')).toHaveLength(2);
});

it('takes reports while its samples cannot be written, says so once, and keeps them for later', async () => {
  const data = temporaryFolder();
  const path = join(data, 'performance.db');
  mkdirSync(path);
  const collector = await startCollector({ data, ...EVERY });
  expect((await collector.post('/v1/reports', fullReport())).status).toBe(202);
  const told = (text: string): number => collector.log().split(text).length - 1;
  await until('it is told', () => told('samples of performance are not written') === 1);
  expect((await collector.stranger('/health')).status).toBe(200);
  await collector.jobs.runNow('retention');
  rmdirSync(path);
  await until('it is told', () => told('samples of performance are written again') === 1);
  expect(told('samples of performance are not written')).toBe(1);
  expect(existsSync(path)).toBe(true);
  const to = '?to=2026-11-22T21:01:00Z';
  await until('it has the report', async () => sum(await ask(collector, to), 'reports') === 1);
});

it('drops with retention what is older than --keep-performance', async () => {
  const data = temporaryFolder();
  const old = new Date(NOW.getTime() - 91 * 86_400_000);
  const before = await startCollector({ data, now: () => old });
  await before.post('/v1/reports', fullReport());
  await before.close();
  const collector = await startCollector({ data });
  const span = '?from=2026-08-01&to=2026-09-01&interval=1d';
  expect(sum(await ask(collector, span), 'reports')).toBe(1);
  await collector.jobs.runNow('retention');
  expect(sum(await ask(collector, span), 'covered_seconds')).toBe(0);
  const { body } = await collector.stranger('/v1/retention', withToken());
  // With it goes the file of that day's log, which has times of requests too.
  expect(body['last_run']).toMatchObject({ dropped: { performance: { rows: 2 } } });
});
