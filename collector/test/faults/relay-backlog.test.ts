import { setTimeout as wait } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { ask } from '../support/ask-counts.js';
import { freePort } from '../support/free-port.js';
import { post } from '../support/load.js';
import { peakMegabytes } from '../support/memory.js';
import { relayState, startRelayProcess } from '../support/relay-process.js';
import { fullReport, reportId } from '../support/reports.js';
import { startProcess } from '../support/start-process.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { until } from '../support/until.js';

it('100 000 reports wait and are passed on in bounded memory', async () => {
  const port = await freePort();
  const relay = await startRelayProcess(port, temporaryFolder());
  const url = await relay.url();
  for (let batch = 0; batch < 200; batch++) {
    const reports = Array.from({ length: 500 }, () => fullReport({ anonymous_id: reportId() }));
    expect(await post(`${url}/v1/reports`, { reports })).toBe(202);
  }
  expect((await relayState(url)).waiting_reports).toBe(100_000);
  const collector = await startProcess([
    ...['--port', String(port), '--no-metrics', '--data', temporaryFolder()],
  ]);
  const to = await collector.url();
  while ((await relayState(url)).waiting_reports > 0) await wait(100);
  expect(peakMegabytes(relay.child.pid)).toBeLessThan(300);
  await until('all is counted', async () => (await ask(to)).total_reports === 100_000);
  expect(await ask(to)).toEqual({ total_reports: 100_000, total_users: 100_000 });
});
