import type { Report } from 'headcount/wire';
import { expect, it } from 'vitest';
import { ask } from '../support/ask-counts.js';
import { freePort } from '../support/free-port.js';
import { post, startLoad } from '../support/load.js';
import { relayState, startRelayProcess } from '../support/relay-process.js';
import { type CollectorProcess, startProcess } from '../support/start-process.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { until } from '../support/until.js';

const KILLING_MS = 60_000;
const DEADLINE_MS = 120_000;

it('relay and collector killed in turn under load for a minute: what the relay has acknowledged is counted, exactly', async () => {
  const quiet = ['--log-level', 'error', '--no-metrics'];
  const port = String(await freePort());
  const data = temporaryFolder();
  const relayData = temporaryFolder();
  const startUpstream = (): Promise<CollectorProcess> =>
    startProcess(['--port', port, ...quiet, '--data', data]);
  const startRelay = (): Promise<CollectorProcess> => startRelayProcess(Number(port), relayData);
  const acknowledged: Report[] = [];
  const unanswered: Report[] = [];
  let upstream = await startUpstream();
  await upstream.url();
  const end = performance.now() + KILLING_MS;
  let kills = 0;
  while (performance.now() < end) {
    const relay = await startRelay();
    const load = startLoad(await relay.url());
    // Another moment each time: amid the first commits, amid passing on, amid removing.
    const enough = [1, 20, 150, 700, 2500][kills % 5] ?? 1;
    await until('there is load', () => load.acknowledged.length >= enough);
    if (kills % 2 === 1) {
      upstream.child.kill('SIGKILL');
      await upstream.ended;
    }
    relay.child.kill('SIGKILL');
    await relay.ended;
    await load.ended;
    expect(load.refused).toEqual([]);
    acknowledged.push(...load.acknowledged);
    unanswered.push(...load.unanswered);
    if (kills % 2 === 1) {
      upstream = await startUpstream();
      await upstream.url();
    }
    kills++;
  }
  expect(kills).toBeGreaterThan(4);

  const url = await (await startRelay()).url();
  // Those without an answer may be on the relay's disk, or counted; sent again, each counts once.
  for (const report of unanswered) expect(await post(`${url}/v1/reports`, report)).toBe(202);
  const total = acknowledged.length + unanswered.length;
  const to = `http://127.0.0.1:${port}`;
  const deadline = performance.now() + DEADLINE_MS;
  while ((await relayState(url)).waiting_reports > 0) {
    expect(performance.now()).toBeLessThan(deadline);
  }
  await until('all is counted', async () => (await ask(to)).total_reports >= total);
  expect(await ask(to)).toEqual({ total_reports: total, total_users: total });
});
