import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { ADMIN_TOKEN } from '../support/admin-token.js';
import { type CollectorProcess, startProcess } from '../support/start-process.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { until } from '../support/until.js';

const start = async (...args: string[]): Promise<CollectorProcess> =>
  startProcess(['--data', temporaryFolder(), '--no-announce', ...args]);

/** Where a collector says that its metrics are. */
async function metricsUrl({ stdout }: CollectorProcess): Promise<string> {
  const find = (): string | undefined => /"url":"(http:[^"]+\/metrics)"/.exec(stdout())?.[1];
  await until('its metrics are served', () => find() !== undefined);
  return find() ?? '';
}

async function takePort(): Promise<{ port: number; free: () => Promise<void> }> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const free = async (): Promise<void> => {
    if (!server.listening) return;
    server.close();
    await once(server, 'close');
  };
  onTestFinished(free);
  return { port: (server.address() as AddressInfo).port, free };
}

it('serves metrics on a free port of the loopback address where the main port is any', async () => {
  const collector = await start('--port', '0');
  await collector.url();
  const url = await metricsUrl(collector);
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/metrics$/);
  const response = await fetch(url);
  expect(response.status).toBe(200);
  expect(await response.text()).toContain('headcount_build_info');
  const main = await collector.url();
  expect((await fetch(`${main}/metrics`)).status).toBe(401);
  const headers = { authorization: `Bearer ${ADMIN_TOKEN}` };
  expect((await fetch(`${main}/metrics`, { headers })).status).toBe(200);
  collector.child.kill('SIGTERM');
  expect(await collector.ended).toBe(0);
});

it('serves them nowhere else with --no-metrics', async () => {
  const collector = await start('--port', '0', '--no-metrics');
  const headers = { authorization: `Bearer ${ADMIN_TOKEN}` };
  expect((await fetch(`${await collector.url()}/metrics`, { headers })).status).toBe(200);
  expect(collector.stdout()).not.toContain('metrics are served');
});

it('does not start if the operator’s port is taken, or no port of this machine', async () => {
  const { port } = await takePort();
  for (const [args, told] of [
    [
      ['--metrics-port', String(port)],
      [`Port ${port}`, '--metrics-port', 'HEADCOUNT_METRICS_PORT'],
    ],
    [
      ['--metrics-host', '203.0.113.1', '--metrics-port', '0'],
      ['203.0.113.1', '--metrics-host'],
    ],
  ] as const) {
    const collector = await start('--port', '0', ...args);
    expect(await collector.ended).toBe(1);
    for (const part of told) expect(collector.stderr()).toContain(part);
  }
});

it('starts beside another collector that has the port, and says so in the log', async () => {
  const [one, another] = [await takePort(), await takePort()];
  const ports = [one.port, another.port];
  await Promise.all([one.free(), another.free()]);
  const first = await start('--port', String(ports[0]));
  await first.url();
  const second = await start('--port', String(ports[1]));
  const main = await second.url();
  expect((await fetch(`${main}/livez`)).status).toBe(200);
  // Whichever was first has it; on a machine where a third one runs, none of them.
  await until('the second says that the port is taken', () =>
    second.stdout().includes('the port of metrics is not free'),
  );
  const headers = { authorization: `Bearer ${ADMIN_TOKEN}` };
  expect((await fetch(`${main}/metrics`, { headers })).status).toBe(200);
  second.child.kill('SIGTERM');
  expect(await second.ended).toBe(0);
});
