import { appendFileSync, copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { withToken } from '../support/admin-token.js';
import { ask } from '../support/ask-counts.js';
import { post } from '../support/load.js';
import { fullReport, reportId } from '../support/reports.js';
import { type Machine, startMachine } from '../support/start-machine.js';
import { startProcess } from '../support/start-process.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { until } from '../support/until.js';
import { startCluster, startStandby } from './support/cluster.js';
import { run } from './support/run.js';

const CUT_MS = 60_000;

/** Far above what a disk takes, and far below what a network is waited for. */
const ANSWER_MS = 5000;

/** A primary that the machine reaches by its way, and a replica that it reaches by the other line. */
async function startServers({ way, ask: line }: Machine) {
  const primary = await startCluster({ settings: ['listen_addresses=*'] });
  onTestFinished(() => primary.stop());
  appendFileSync(join(primary.data, 'pg_hba.conf'), 'host all all 10.0.0.0/8 trust\n');
  await run(primary.url, 'SELECT pg_reload_conf()');
  const standby = await startStandby(primary, { settings: ['listen_addresses=*'] });
  onTestFinished(() => standby.stop());
  return {
    store: primary.url.replace('127.0.0.1', way.here),
    readStore: standby.url.replace('127.0.0.1', line.here),
  };
}

/** Two collectors on the machine, the second of which has a replica to ask. */
async function startNodes({ wrapper, ask: line }: Machine, store: string, readStore: string) {
  const folders = [temporaryFolder(), temporaryFolder()] as const;
  const start = async (data: string, more: Record<string, string>): Promise<string> => {
    const args = [
      ...['--port', '0', '--host', line.there, '--no-metrics', '--data', data],
      // All people come from one address.
      ...['--new-ids-limit', '0', '--project-new-ids-limit', '0', '--rate-limit', '0'],
      ...['--log-level', 'error'],
    ];
    const env = { HEADCOUNT_STORE: store, ...more };
    return (await startProcess(args, env, { wrapper })).url();
  };
  const alone = await start(folders[0], {});
  copyFileSync(join(folders[0], 'pepper'), join(folders[1], 'pepper'));
  return [alone, await start(folders[1], { HEADCOUNT_READ_STORE: readStore })] as const;
}

/** Sends a report of a new person now and then, and returns how many. Each must be taken soon. */
async function sendUntil(url: string, end: number): Promise<number> {
  let sent = 0;
  for (; performance.now() < end; sent++) {
    const startedAt = performance.now();
    const timestamp = new Date().toISOString();
    const report = fullReport({ anonymous_id: reportId(), timestamp });
    expect(await post(`${url}/v1/reports`, report)).toBe(202);
    expect(performance.now() - startedAt).toBeLessThan(ANSWER_MS);
    await wait(50);
  }
  return sent;
}

async function get(url: string) {
  const response = await fetch(url, { headers: withToken() });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

const summary = (url: string) => get(`${url}/v1/stats/summary?project=acme-cli`);

const untilCounted = (url: string, total: number): Promise<void> =>
  until('everything is counted', async () => (await summary(url)).body['total_reports'] === total);

it('a minute without the network to the primary loses no report and counts none twice', async () => {
  const machine = await startMachine('hp', '10.214');
  const { store, readStore } = await startServers(machine);
  const nodes = await startNodes(machine, store, readStore);
  const [alone, withReplica] = nodes;
  const send = async (ms: number): Promise<number> => {
    const end = performance.now() + ms;
    const sent = await Promise.all(nodes.map((url) => sendUntil(url, end)));
    return sent.reduce((sum, one) => sum + one);
  };
  const before = await send(500);
  for (const url of nodes) await untilCounted(url, before);

  machine.setWay('down');
  const cutAt = Date.now();
  const sending = send(CUT_MS);
  const asking = async (): Promise<void> => {
    for (const url of nodes) {
      await until('it tells that nothing is counted', async () => {
        const { status, body } = await get(`${url}/health`);
        return status === 503 && (body['services'] as { counting: string }).counting === 'error';
      });
    }
    // One that nobody has asked before: an answer that is there already is told again.
    const { status, body } = await get(`${alone}/v1/stats/retention?project=acme-cli`);
    expect({ status, code: body['code'] }).toEqual({ status: 503, code: 'failing' });
    const told = await summary(withReplica);
    expect(told).toMatchObject({ status: 200, body: { total_reports: before } });
    expect(Date.parse(String(told.body['as_of']))).toBeLessThanOrEqual(cutAt + ANSWER_MS);
  };
  const [sent] = await Promise.all([sending, asking()]);
  const total = before + sent;
  machine.setWay('up');
  for (const url of nodes) {
    await untilCounted(url, total);
    expect(await ask(url)).toEqual({ total_reports: total, total_users: total });
    const { body } = await get(`${url}/v1/stats/quality?project=acme-cli`);
    expect(body).toMatchObject({ accepted: total, duplicates: 0, uncountable: 0 });
    await until('it is healthy', async () => (await get(`${url}/health`)).status === 200);
  }
}, 240_000);
