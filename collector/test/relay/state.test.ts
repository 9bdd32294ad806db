import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../src/config.js';
import { loadRelayConfig } from '../../src/load-relay-config.js';
import { fullReport } from '../support/reports.js';
import { startCollector } from '../support/start-collector.js';
import { startProcess } from '../support/start-process.js';
import { startRelay } from '../support/start-relay.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { until } from '../support/until.js';

const DAY_MS = 86_400_000;

describe('a relay whose collector is away', () => {
  it('is well, and says how much waits and since when', async () => {
    let clock = Date.parse('2026-11-22T21:00:00Z');
    const relay = await startRelay('http://127.0.0.1:9', { now: () => new Date(clock) });
    await relay.post('/v1/reports', { reports: [fullReport(), fullReport()] });
    await until('it has tried', async () => (await relay.state())['failing_reason'] !== null);
    clock += 26 * DAY_MS;
    const { status, body } = await relay.get('/health');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      status: 'healthy',
      services: { journal: 'ok', data: 'ok' },
      relay: {
        to: 'http://127.0.0.1:9',
        waiting_reports: 2,
        oldest_received_at: '2026-11-22T21:00:00.000Z',
        oldest_age_seconds: 26 * 86_400,
        failing_reason: 'it cannot be reached (ECONNREFUSED)',
      },
      warnings: {
        upstream: { state: 'warning' },
        backlog: { state: 'warning' },
        journal_room: { state: 'ok' },
      },
    });
    const { text } = await relay.get('/metrics');
    expect(text).toContain('headcount_relay_waiting_reports 2');
    expect(text).toContain('headcount_relay_oldest_report_age_seconds 2246400');
    expect(text).toContain('headcount_relay_collector_up 0');
    expect(text).toContain('headcount_relay_accepted_reports_total 2');
    expect(await relay.get('/readyz')).toMatchObject({ status: 200 });
    expect(await relay.get('/livez')).toMatchObject({ status: 200 });
  });

  it('tells strangers nothing of what waits', async () => {
    const relay = await startRelay('http://127.0.0.1:9');
    const forwarded = { 'x-forwarded-for': '192.0.2.1' };
    const { body } = await relay.get('/health', forwarded);
    expect(Object.keys(body).sort()).toEqual(['services', 'status', 'timestamp']);
    expect(await relay.get('/metrics', forwarded)).toMatchObject({ status: 401 });
  });

  it('refuses reports once its journal is full, and takes them again when there is room', async () => {
    const relay = await startRelay('http://127.0.0.1:9', { journalBytesLimit: 1024 ** 2 });
    let accepted = 0;
    let answer;
    do {
      const reports = Array.from({ length: 100 }, () => fullReport());
      answer = await relay.post('/v1/reports', { reports });
      if (answer.status === 202) accepted += 100;
    } while (answer.status === 202);
    expect(answer).toMatchObject({ status: 507, body: { code: 'disk_full' } });
    expect(await relay.state()).toMatchObject({ waiting_reports: accepted });
    expect(accepted).toBeGreaterThan(300);
  });
});

it('has no questions, and says where to ask them', async () => {
  const relay = await startRelay('http://127.0.0.1:9/collector');
  for (const path of ['/stats', '/v1/stats/summary', '/p/acme-cli', '/']) {
    const { status, body } = await relay.get(path, { accept: 'text/html' });
    expect({ path, status }).toEqual({ path, status: 404 });
    expect(body['detail']).toContain('Ask the collector, http://127.0.0.1:9/collector.');
  }
});

it('does not open the folder of a collector, nor one that another relay uses', async () => {
  const collector = await startCollector();
  await expect(startRelay('http://127.0.0.1:9', { data: collector.data })).rejects.toThrow(
    'is the data folder of a collector',
  );
  const relay = await startRelay('http://127.0.0.1:9');
  await expect(startRelay('http://127.0.0.1:9', { data: relay.data })).rejects.toThrow(/uses/);
});

describe('the options of a relay', () => {
  const load = (...argv: string[]) => loadRelayConfig(argv, {});

  it.each([
    ['https://stats.acme.dev', 'https://stats.acme.dev'],
    ['https://stats.acme.dev/', 'https://stats.acme.dev'],
    ['https://stats.acme.dev/v1/reports', 'https://stats.acme.dev'],
    ['https://acme.dev/headcount/', 'https://acme.dev/headcount'],
    ['http://localhost:8082', 'http://localhost:8082'],
    ['http://[::1]:8081', 'http://[::1]:8081'],
  ])('--to %s', (given, to) => {
    expect(load('--to', given).to).toBe(to);
  });

  it.each([
    [[]],
    [['--to', 'stats.acme.dev']],
    [['--to', 'http://stats.acme.dev']],
    [['--to', 'http://127.0.0.1.acme.dev']],
    [['--to', 'https://a:b@stats.acme.dev']],
    [['--to', 'https://stats.acme.dev/?a=b']],
    [['--to', 'https://stats.acme.dev', '--journal-bytes-limit', '5']],
    [['--to', 'https://stats.acme.dev', '--projects', 'open']],
    [['--to', 'https://stats.acme.dev', '--tls-cert', 'a.pem']],
  ])('%s are refused', (argv) => {
    expect(() => load(...argv)).toThrow(ConfigError);
  });

  it('may say that plain http is fine, and come from the environment', () => {
    const env = { HEADCOUNT_RELAY_TO: 'http://collector:8081', HEADCOUNT_RELAY_ALLOW_HTTP: '1' };
    expect(loadRelayConfig([], env)).toMatchObject({
      to: 'http://collector:8081',
      data: './headcount-relay',
      port: 8081,
    });
  });
});

it('runs as a command, is asked by others, and ends clean in time', async () => {
  const data = temporaryFolder();
  const args = ['relay', '--to', 'http://127.0.0.1:9', '--port', '0', '--data', data];
  const relay = await startProcess([...args, '--no-metrics']);
  const url = await relay.url();
  const sent = await fetch(`${url}/v1/reports`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(fullReport()),
  });
  expect(sent.status).toBe(202);
  const asked = await startProcess(['health', '--data', data]);
  expect(await asked.ended).toBe(0);
  const begun = performance.now();
  relay.child.kill('SIGTERM');
  expect(await relay.ended).toBe(0);
  expect(performance.now() - begun).toBeLessThan(10_000);
  expect(relay.stderr()).toContain('headcount-collector relay listens on');
  expect(existsSync(join(data, 'collector.json'))).toBe(false);
  // The report has left no trace beside its row, and the address none at all.
  expect(relay.stdout()).not.toContain('9f86d081884c7d65');
  expect(readFileSync(join(data, 'relay.db')).includes('127.0.0.1')).toBe(false);
});
