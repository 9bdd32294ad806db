import { expect, it } from 'vitest';
import { ask } from '../support/ask-counts.js';
import { post, startLoad } from '../support/load.js';
import { relayState, startRelayProcess } from '../support/relay-process.js';
import { startMachine } from '../support/start-machine.js';
import { startProcess } from '../support/start-process.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { until } from '../support/until.js';

const DEADLINE_MS = 150_000;

it('a relay whose line is cut under load, and that is killed meanwhile, passes on everything once', async () => {
  const { wrapper, ask: line, way, setWay } = await startMachine('hc', '10.213');
  const upstream = await startProcess([
    ...['--port', '0', '--host', '0.0.0.0', '--no-metrics', '--data', temporaryFolder()],
    // All people come from one address.
    ...['--new-ids-limit', '0', '--project-new-ids-limit', '0', '--rate-limit', '0'],
    ...['--project-rate-limit', '0', '--bytes-limit', '0'],
  ]);
  const port = new URL(await upstream.url()).port;
  const counted = `http://127.0.0.1:${port}`;
  const data = temporaryFolder();
  const args = [
    ...['--allow-http', '--host', line.there, '--rate-limit', '0', '--bytes-limit', '0'],
    ...['--metrics-networks', line.here],
  ];
  const start = () => startRelayProcess(`http://${way.here}:${port}`, data, { args, wrapper });
  const relay = await start();
  const load = startLoad(await relay.url());
  await until('something is counted', async () => (await ask(counted)).total_reports > 50);
  setWay('down');
  const before = load.acknowledged.length;
  await until('it takes reports without a network', () => load.acknowledged.length > before + 500);
  relay.child.kill('SIGKILL');
  await relay.ended;
  await load.ended;
  expect(load.refused).toEqual([]);
  const url = await (await start()).url();
  for (const report of load.unanswered) expect(await post(`${url}/v1/reports`, report)).toBe(202);
  expect((await relayState(url)).waiting_reports).toBeGreaterThan(0);
  setWay('up');
  const total = load.acknowledged.length + load.unanswered.length;
  const deadline = performance.now() + DEADLINE_MS;
  while ((await relayState(url)).waiting_reports > 0) {
    expect(performance.now()).toBeLessThan(deadline);
  }
  await until('all is counted', async () => (await ask(counted)).total_reports >= total);
  expect(await ask(counted)).toEqual({ total_reports: total, total_users: total });
});
