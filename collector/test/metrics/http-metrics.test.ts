import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, it } from 'vitest';
import { withToken } from '../support/admin-token.js';
import { openRaw } from '../support/raw-connection.js';
import { readMetrics, scrape, valuesOf } from '../support/read-metrics.js';
import { fullReport } from '../support/reports.js';
import { startCollector } from '../support/start-collector.js';
import { until } from '../support/until.js';

const later = (): (() => number) => {
  let ms = 0;
  return () => (ms += 10_000);
};

const SECONDS = 'http_request_duration_seconds';

it('counts each request by its route and class of status, before the first scrape too', async () => {
  const collector = await startCollector({ monotonicMs: later() });
  for (let n = 0; n < 3; n++) await collector.post('/v1/reports', fullReport());
  await collector.post('/v1/reports', '{');
  await collector.stranger('/v1/users/ada');
  await collector.stranger('/nothing/here?secret=1');
  const metrics = await scrape(collector);
  const counts = valuesOf(metrics, `${SECONDS}_count`, 'route', 'status');
  expect(counts).toEqual({
    '/v1/reports 2xx': 3,
    '/v1/reports 4xx': 1,
    '/v1/users/:anonymous_id 4xx': 1,
    'unknown 4xx': 1,
  });
  const buckets = metrics.filter(({ name }) => name === `headcount_${SECONDS}_bucket`);
  for (const [key, count] of Object.entries(counts)) {
    const own = buckets.filter(({ labels }) => `${labels['route']} ${labels['status']}` === key);
    expect(own.map(({ labels }) => labels['le'])).toEqual([
      ...['0.001', '0.0025', '0.005', '0.01', '0.025', '0.05', '0.1', '0.25', '0.5', '1'],
      ...['2.5', '5', '10', '+Inf'],
    ]);
    const values = own.map(({ value }) => value);
    expect(values).toEqual([...values].sort((a, b) => a - b));
    expect(values.at(-1)).toBe(count);
    const sum = valuesOf(metrics, `${SECONDS}_sum`, 'route', 'status')[key] ?? 0;
    expect(sum).toBeGreaterThan(0);
    expect(sum).toBeLessThan(10);
  }
  expect(JSON.stringify(metrics)).not.toContain('secret');
  const again = valuesOf(await scrape(collector), `${SECONDS}_count`, 'route', 'status');
  expect(again).toEqual({ ...counts, '/metrics 2xx': 1 });
});

it('leaves streams out: how long one lasts says nothing of how fast the collector is', async () => {
  const collector = await startCollector({ monotonicMs: later() });
  const url = await collector.app.listen({ port: 0, host: '127.0.0.1' });
  const stream = await openRaw(url);
  stream.write('GET /v1/stats/live HTTP/1.1\r\nHost: a\r\n\r\n');
  await until('it is open', () => stream.received().includes('event: summary'));
  stream.socket.destroy();
  const streams = async () => valuesOf(await scrape(collector), 'live_streams', 'level');
  await until('it is closed', async () => (await streams())['public'] === 0);
  const counts = valuesOf(await scrape(collector), `${SECONDS}_count`, 'route');
  expect(Object.keys(counts)).toEqual(['/metrics']);
});

it('counts bytes, connections and their errors at the port', async () => {
  const collector = await startCollector({ monotonicMs: later() });
  const url = await collector.app.listen({ port: 0, host: '127.0.0.1' });
  const { hostname, port } = new URL(url);
  const network = async () => {
    const metrics = await scrape(collector);
    const one = (name: string) => valuesOf(metrics, `network_${name}`)[''];
    return {
      bytesIn: one('received_bytes_total') ?? 0,
      bytesOut: one('sent_bytes_total') ?? 0,
      connections: one('connections_total'),
      open: one('open_connections'),
      errors: valuesOf(metrics, 'network_connection_errors_total', 'reason'),
    };
  };
  const none = { reset: 0, timeout: 0, malformed: 0, tls: 0, other: 0 };
  expect(await network()).toEqual({
    ...{ bytesIn: 0, bytesOut: 0, connections: 0, open: 0, errors: none },
  });
  const body = JSON.stringify(fullReport());
  const head = `POST /v1/reports HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n`;
  const request = `${head}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
  const raw = await openRaw(url);
  raw.write(request);
  await until(
    'it is answered',
    () => raw.received().includes('202') || raw.received().includes('200'),
  );
  // An open connection counts already.
  expect(await network()).toEqual({
    bytesIn: Buffer.byteLength(request),
    bytesOut: Buffer.byteLength(raw.received()),
    ...{ connections: 1, open: 1, errors: none },
  });
  raw.socket.destroy();
  await until('it is closed', async () => (await network()).open === 0);
  expect((await network()).bytesIn).toBe(Buffer.byteLength(request));

  const broken = connect(Number(port), hostname);
  broken.write('no http\r\n\r\n');
  await once(broken.resume(), 'close');
  const reset = connect(Number(port), hostname);
  await once(reset, 'connect');
  reset.write('POST /v1/reports HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n');
  await until('it is taken', async () => (await network()).connections === 3);
  reset.resetAndDestroy();
  await until('both errors are counted', async () => {
    const { errors } = await network();
    return errors['malformed'] === 1 && errors['reset'] === 1;
  });
  expect((await network()).errors).toEqual({ ...none, malformed: 1, reset: 1 });
});

it('writes the histogram in OpenMetrics too', async () => {
  const collector = await startCollector();
  await collector.stranger('/livez');
  const accept = { accept: 'application/openmetrics-text', ...withToken() };
  const { text } = await collector.stranger('/metrics', accept);
  expect(text).toContain(`# TYPE headcount_${SECONDS} histogram`);
  expect(text.trimEnd().endsWith('# EOF')).toBe(true);
  const lines = text.split('\n').filter((line) => line !== '# EOF');
  const counts = valuesOf(readMetrics(lines.join('\n')), `${SECONDS}_count`, 'route', 'status');
  expect(counts).toEqual({ '/livez 2xx': 1 });
});
