import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { withToken } from '../support/admin-token.js';
import { openRaw } from '../support/raw-connection.js';
import { readMetrics, valuesOf } from '../support/read-metrics.js';
import { fullReport } from '../support/reports.js';
import { seedFull } from '../support/seed-full.js';
import { startCollector, type TestCollector } from '../support/start-collector.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { until } from '../support/until.js';

const NAMES = ['acme-cli', 'we"ird\\x\ny', 'Größe 🎈', 'other'];

/** A collector in which every family has something to tell. */
async function startBusy(data: string): Promise<TestCollector & { readonly url: string }> {
  const collector = await startCollector({
    ...{ data, now: () => new Date(), backupDir: temporaryFolder(), statsRateLimit: 3 },
  });
  const url = await collector.app.listen({ port: 0, host: '127.0.0.1' });
  for (const project of NAMES) {
    const report = fullReport({ project, timestamp: new Date().toISOString() });
    await collector.post('/v1/reports', { reports: [report, report, 7] });
  }
  for (const job of ['retention', 'backup', 'erasures']) await collector.jobs.runNow(job);
  for (let n = 0; n < 5; n++) await collector.get('/v1/stats/summary');
  const stream = await openRaw(url);
  stream.write('GET /v1/stats/live HTTP/1.1\r\nHost: a\r\n\r\n');
  await collector.app.inject({ url: '/metrics', headers: withToken() });
  await collector.get('/v1/stats/quality');
  return { ...collector, url };
}

it('writes a text that promtool has nothing against', async () => {
  const data = temporaryFolder();
  await seedFull(data, { now: new Date(), projects: 100 });
  const collector = await startBusy(data);
  const { text } = await collector.stranger('/metrics', withToken());
  const { status, stdout, stderr } = spawnSync('promtool', ['check', 'metrics'], {
    input: text,
    encoding: 'utf8',
  });
  expect([status, stdout, stderr]).toEqual([0, '', '']);
  expect(text).toContain('headcount_backup_last_success_timestamp_seconds');
  expect(text).toContain('headcount_retention_last_dropped_rows');
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

interface Series {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: readonly [number, string];
}

it('is scraped by Prometheus with a token of the developer level', async () => {
  const collector = await startBusy(temporaryFolder());
  const { body } = await collector.post('/v1/tokens', { level: 'developer' }, withToken());
  const folder = temporaryFolder();
  const token = join(folder, 'token');
  writeFileSync(token, String(body['token']));
  const config = join(folder, 'prometheus.yml');
  writeFileSync(
    config,
    `global: { scrape_interval: 1s }
scrape_configs:
  - job_name: headcount
    authorization: { credentials_file: ${token} }
    static_configs: [{ targets: ['${new URL(collector.url).host}'] }]
  - job_name: stranger
    metrics_path: /metrics
    static_configs: [{ targets: ['${new URL(collector.url).host}'] }]
`,
  );
  expect(spawnSync('promtool', ['check', 'config', config]).status).toBe(0);
  const port = await freePort();
  const prometheus = spawn(
    'prometheus',
    [
      `--config.file=${config}`,
      `--storage.tsdb.path=${join(folder, 'tsdb')}`,
      `--web.listen-address=127.0.0.1:${port}`,
    ],
    { stdio: 'ignore' },
  );
  const ended = once(prometheus, 'close');
  onTestFinished(async () => {
    prometheus.kill('SIGKILL');
    await ended;
  });
  const query = async (text: string): Promise<readonly Series[]> => {
    const url = `http://127.0.0.1:${port}/api/v1/query?query=${encodeURIComponent(text)}`;
    try {
      const response = await fetch(url);
      const { data } = (await response.json()) as { data?: { result: readonly Series[] } };
      return data?.result ?? [];
    } catch {
      // It does not listen yet.
      return [];
    }
  };
  await until('it has scraped', async () => (await query('headcount_users')).length > 0);

  const users = await query('headcount_users');
  expect(
    Object.fromEntries(users.map(({ metric, value }) => [metric['project'], value[1]])),
  ).toEqual(Object.fromEntries(NAMES.map((name) => [name, '1'])));
  const { text } = await collector.stranger('/metrics', withToken());
  const own = readMetrics(text);
  for (const [family, name] of [
    ['reports_acknowledged_total', 'headcount_reports_acknowledged_total'],
    ['backup_last_success_timestamp_seconds', 'headcount_backup_last_success_timestamp_seconds'],
  ] as const) {
    const [series] = await query(name);
    expect(Number(series?.value[1])).toBe(valuesOf(own, family)['']);
  }
  // Each family that the collector has written is there, by its own name.
  const [count] = await query(
    'count(count by (__name__) ({job="headcount", __name__=~"headcount_.*"}))',
  );
  expect(Number(count?.value[1])).toBe(
    new Set(own.map(({ name }) => name).filter((name) => name.startsWith('headcount_'))).size,
  );
  await until('a scrape without a token is refused', async () => {
    const up = await query('up');
    const states = up.map(({ metric, value }) => [metric['job'], value[1]]);
    return JSON.stringify(states.sort()) === '[["headcount","1"],["stranger","0"]]';
  });
});
