import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ADMIN_TOKEN } from '../support/admin-token.js';
import { fullReport } from '../support/reports.js';
import { until } from '../support/until.js';
import { shareProcess } from './support/share-process.js';
import { type Prometheus, type Series, startPrometheus } from './support/start-prometheus.js';

const collector = shareProcess();

const undo: (() => void | Promise<void>)[] = [];
const atEnd = (step: () => void | Promise<void>): void => void undo.unshift(step);
let prometheus: Prometheus;
let metricsUrl: string;

const query = (text: string): Promise<readonly Series[]> => prometheus.query(text);

const metricsUrlOf = (): string | undefined =>
  /"url":"(http:[^"]+\/metrics)"/.exec(collector().stdout())?.[1];

beforeAll(async () => {
  await until('the metrics are served', () => metricsUrlOf() !== undefined);
  metricsUrl = metricsUrlOf() ?? '';
  const send = (path: string, body: unknown): Promise<Response> =>
    fetch(`${collector().address}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${ADMIN_TOKEN}` },
      body: JSON.stringify(body),
    });
  for (const project of ['acme-cli', 'we"ird\\x']) {
    const report = fullReport({ project, timestamp: new Date().toISOString() });
    await fetch(`${collector().address}/v1/reports`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ reports: [report, report, 7] }),
    });
  }
  await send('/v1/retention/runs', { dry_run: false });
  await fetch(`${collector().address}/v1/stats/summary`);
  await until('the run of retention is measured', async () =>
    (await (await fetch(metricsUrl)).text()).includes('headcount_retention_last_dropped_rows'),
  );

  const { host } = new URL(metricsUrl);
  prometheus = await startPrometheus(
    `global: { scrape_interval: 1s, scrape_timeout: 1s }
scrape_configs:
  - job_name: openmetrics
    static_configs: [{ targets: ['${host}'] }]
  - job_name: stranger
    static_configs: [{ targets: ['${new URL(collector().address).host}'] }]
`,
    atEnd,
  );
});

afterAll(async () => {
  for (const step of undo) await step();
});

/** The lines of OpenMetrics in the text format: counters with their whole name, and no end. */
const toTextFormat = (openmetrics: string): string =>
  openmetrics
    .split('\n')
    .filter((line) => line !== '# EOF')
    .join('\n')
    .replace(/^# (HELP|TYPE) (\S+)(?= )(?=.*)/gm, (whole, kind: string, name: string) =>
      openmetrics.includes(`\n${name}_total`) ? `# ${kind} ${name}_total` : whole,
    );

it('has a text that promtool has nothing against, in both formats', async () => {
  for (const accept of ['text/plain', 'application/openmetrics-text; version=1.0.0']) {
    const response = await fetch(metricsUrl, { headers: { accept } });
    expect(response.headers.get('content-type')).toContain(accept.split(';')[0]);
    const text = await response.text();
    const isOpen = accept.startsWith('application');
    if (isOpen) expect(text.endsWith('# EOF\n')).toBe(true);
    const input = isOpen ? toTextFormat(text) : text;
    const { status, stdout, stderr } = spawnSync('promtool', ['check', 'metrics'], {
      ...{ input, encoding: 'utf8' },
    });
    expect([accept, status, stdout, stderr]).toEqual([accept, 0, '', '']);
    expect(text).toContain('headcount_http_request_duration_seconds_bucket');
    expect(text).toContain('headcount_retention_last_dropped_rows');
  }
});

it('is scraped by Prometheus itself without a token, in OpenMetrics, with each of its families', async () => {
  await prometheus.until('it has scraped', async () => (await query('headcount_users')).length > 0);
  const users = await query('headcount_users');
  expect(
    Object.fromEntries(users.map(({ metric, value }) => [metric['project'], value[1]])),
  ).toEqual({ 'acme-cli': '1', 'we"ird\\x': '1' });
  // Prometheus asks for OpenMetrics first: it has parsed what it got.
  const text = await (await fetch(metricsUrl)).text();
  const names = text.match(/^headcount_[a-z_]+(?=[ {])/gm) ?? [];
  await prometheus.until('each family is there', async () => {
    const [count] = await query(
      'count(count by (__name__) ({job="openmetrics", __name__=~"headcount_.*"}))',
    );
    return Number(count?.value[1]) >= new Set(names).size;
  });
  const [requests] = await query(
    'headcount_http_request_duration_seconds_count{route="/v1/reports", status="2xx"}',
  );
  expect(requests?.value[1]).toBe('2');
});

it('has what alerts need: a percentile of requests, and connections that fail', async () => {
  const p99 =
    'histogram_quantile(0.99, sum by (le) (headcount_http_request_duration_seconds_bucket))';
  await prometheus.until('it is known', async () => {
    const [one] = await query(p99);
    return Number(one?.value[1]) > 0;
  });
  const errors = await query('sum(headcount_network_connection_errors_total)');
  expect(errors.map(({ value }) => value[1])).toEqual(['0']);
});

it('is refused on the main port without a token', async () => {
  await prometheus.until('both were scraped', async () => {
    const states = (await query('up')).map(({ metric, value }) => [metric['job'], value[1]]);
    return JSON.stringify(states.sort()) === '[["openmetrics","1"],["stranger","0"]]';
  });
});
