import { execFileSync, spawn } from 'node:child_process';
import { expect, it, onTestFinished } from 'vitest';
import { ask } from '../support/ask-counts.js';
import { post, startLoad } from '../support/load.js';
import { relayState, startRelayProcess } from '../support/relay-process.js';
import { startProcess } from '../support/start-process.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { until } from '../support/until.js';

const HERE = { ask: '10.213.98.1', way: '10.213.99.1' };
const THERE = { ask: '10.213.98.2', way: '10.213.99.2' };
const DEADLINE_MS = 150_000;

/** Another machine, with one line by which it is asked and another by which it asks. */
async function startMachine() {
  const holder = spawn('unshare', ['--net', 'sleep', '600'], { stdio: 'ignore' });
  const pid = String(holder.pid);
  const enter = ['nsenter', '--target', pid, '--net', '--'];
  const run = (command: string, ...args: string[]): void => {
    execFileSync(command, args, { stdio: 'pipe' });
  };
  const own = (): string => execFileSync('readlink', ['/proc/self/ns/net']).toString();
  await until('it has its own network', () => {
    return execFileSync('readlink', [`/proc/${pid}/ns/net`]).toString() !== own();
  });
  onTestFinished(() => {
    // The lines go with their other end.
    for (const name of ['hcask', 'hcway']) run('sh', '-c', `ip link del ${name} || true`);
    holder.kill('SIGKILL');
  });
  for (const line of ['ask', 'way'] as const) {
    const [here, there] = [`hc${line}`, `hc${line}b`];
    run('ip', 'link', 'add', here, 'type', 'veth', 'peer', 'name', there, 'netns', pid);
    run('ip', 'addr', 'add', `${HERE[line]}/24`, 'dev', here);
    run('ip', 'link', 'set', here, 'up');
    const [inside = '', ...rest] = enter;
    run(inside, ...rest, 'ip', 'addr', 'add', `${THERE[line]}/24`, 'dev', there);
    run(inside, ...rest, 'ip', 'link', 'set', there, 'up');
  }
  const setWay = (state: 'up' | 'down'): void => run('ip', 'link', 'set', 'hcway', state);
  return { wrapper: enter, setWay };
}

it('a relay whose line is cut under load, and that is killed meanwhile, passes on everything once', async () => {
  const { wrapper, setWay } = await startMachine();
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
    ...['--allow-http', '--host', THERE.ask, '--rate-limit', '0', '--bytes-limit', '0'],
    ...['--metrics-networks', HERE.ask],
  ];
  const start = () => startRelayProcess(`http://${HERE.way}:${port}`, data, { args, wrapper });
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
