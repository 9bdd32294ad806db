import { setTimeout as wait } from 'node:timers/promises';
import type { Logger } from 'pino';
import { expect, it } from 'vitest';
import { createLogger } from '../../../src/logs/logger.js';
import { openLogTee } from '../../../src/logs/log-tee.js';
import { ADMIN_TOKEN, withToken } from '../../support/admin-token.js';
import { fullReport } from '../../support/reports.js';
import { seedDays } from '../../support/seed-days.js';
import { startCollector, type TestCollector } from '../../support/start-collector.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { until } from '../../support/until.js';
import { openRaw } from '../../support/raw-connection.js';
import { startPrometheus } from '../support/start-prometheus.js';
import { DASHBOARDS, targetsOf } from './dashboards.js';

type Served = TestCollector & { readonly url: string; readonly logger: Logger };

/** A collector with its log, as the command starts it, of which every kind of figure is known. */
async function startUsed(data = temporaryFolder()): Promise<Served> {
  const logTee = openLogTee({ write: () => {} });
  const logger = createLogger('info', logTee);
  const collector = await startCollector({
    ...{ data, logTee, logger, now: () => new Date() },
    ...{ backupDir: temporaryFolder(), statsRateLimit: 100, maxTokenListeners: 1 },
  });
  const url = await collector.app.listen({ port: 0, host: '127.0.0.1' });
  for (const job of ['retention', 'backup', 'erasures']) await collector.jobs.runNow(job);
  const stream = await openRaw(url);
  stream.write(
    `GET /v1/stats/live HTTP/1.1\r\nHost: a\r\nAuthorization: ${withToken().authorization}\r\n\r\n`,
  );
  await until('the stream is open', () => stream.received().includes('event: summary'));
  // The log warns of a proxy that is not named, and its client meets a limit.
  for (let n = 0; n <= 100; n++) {
    await collector.stranger('/v1/stats/summary', { 'x-forwarded-for': '192.0.2.1' });
  }
  return { ...collector, url, logger };
}

/** What people and programs do all day. */
async function useIt({ url, logger }: Served): Promise<void> {
  const now = new Date().toISOString();
  logger.error('what can go wrong with a disk');
  const reports = ['acme-cli', 'other-cli'].map((project) =>
    fullReport({ project, timestamp: now }),
  );
  await fetch(`${url}/v1/reports`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ sent_at: now, reports: [...reports, ...reports, 7] }),
  });
  for (const query of ['summary', 'breakdown?dimension=os&project=acme-cli']) {
    await (await fetch(`${url}/v1/stats/${query}`, { headers: withToken() })).text();
  }
  // The only place for streams with a token is taken.
  const { status } = await fetch(`${url}/v1/stats/live`, { headers: withToken() });
  expect(status).toBe(503);
}

it('has data for every query of the dashboards', async () => {
  const data = temporaryFolder();
  // A forecast needs weeks.
  await seedDays(data, new Date(), { 'acme-cli': 100, 'other-cli': 100 });
  const collector = await startUsed(data);
  const prometheus = await startPrometheus(`
global: { scrape_interval: 1s }
scrape_configs:
  - job_name: headcount
    authorization: { credentials: ${ADMIN_TOKEN} }
    static_configs: [{ targets: ['${new URL(collector.url).host}'] }]
`);
  const fill = (expr: string): string =>
    expr
      // It would answer for figures that are missing.
      .replaceAll(' or vector(0)', '')
      .replaceAll('$__rate_interval', '20s')
      .replaceAll('$job', '.+')
      .replaceAll('$project', '.+');
  const queries = DASHBOARDS.flatMap(({ file, dashboard }) =>
    targetsOf(dashboard).flatMap(({ title, target: { expr } }) =>
      expr === undefined ? [] : [{ where: `${file}: ${title}`, expr: fill(expr) }],
    ),
  );
  expect(queries.length).toBeGreaterThan(50);
  let without = queries;
  const deadline = performance.now() + 60_000;
  while (without.length > 0 && performance.now() < deadline) {
    await useIt(collector);
    const still = [];
    for (const one of without) {
      const series = await prometheus.query(one.expr);
      if (!series.some(({ value }) => Number.isFinite(Number(value[1])))) still.push(one);
    }
    without = still;
    if (without.length > 0) await wait(1000);
  }
  expect(without).toEqual([]);

  // The choices of the variables.
  for (const { dashboard } of DASHBOARDS) {
    for (const { name, query } of dashboard.templating.list) {
      if (typeof query === 'string') continue;
      const [, selector = '', label = ''] = /^label_values\((.*), (\w+)\)$/.exec(query.query) ?? [];
      const match = encodeURIComponent(fill(selector));
      const url = `${prometheus.url}/api/v1/label/${label}/values?match[]=${match}`;
      const { data } = (await (await fetch(url)).json()) as { data: readonly string[] };
      const expected = { job: ['headcount'], project: ['acme-cli', 'other-cli'] }[name];
      expect([name, data]).toEqual([name, expected]);
    }
  }
});

it('has rows for the query of the stats API, with each column that the panel takes', async () => {
  const collector = await startUsed();
  await useIt(collector);
  const asked = DASHBOARDS.flatMap(({ dashboard }) =>
    targetsOf(dashboard).flatMap(({ target }) => (target.url === undefined ? [] : [target])),
  );
  expect(asked.length).toBe(1);
  const today = new Date().toISOString().slice(0, 10);
  for (const { url = '', url_options, root_selector = '', columns = [] } of asked) {
    const filled = (value: string): string =>
      value.replace('${project}', 'acme-cli').replace(/\$\{__(from|to):date:YYYY-MM-DD\}/, today);
    const parameters = new URLSearchParams();
    for (const { key, value } of url_options?.params ?? []) parameters.set(key, filled(value));
    const { status, body } = await collector.get(`${url}?${parameters.toString()}`);
    expect([status, body]).toMatchObject([200, {}]);
    const rows = body[root_selector] as readonly Record<string, unknown>[];
    expect(rows.length).toBe(1);
    for (const { selector, type } of columns) {
      const value = rows[0]?.[selector];
      if (type === 'number') expect(value).toBe(1);
      else expect(String(value)).toMatch(/^\d{4}-\d\d-\d\dT/);
    }
  }
});
