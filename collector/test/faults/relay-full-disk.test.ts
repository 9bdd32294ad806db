import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { startNamespace } from '../../../test/support/namespace.js';
import { ask } from '../support/ask-counts.js';
import { freePort } from '../support/free-port.js';
import { postFor } from '../support/post-answer.js';
import { relayState, startRelayProcess } from '../support/relay-process.js';
import { fullReport, reportId } from '../support/reports.js';
import { startProcess } from '../support/start-process.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { until } from '../support/until.js';

const TMPFS = 'mount -t tmpfs -o size=24m,mode=700 tmpfs "$1"';

it('a relay whose disk is full loses nothing, passes on all the same, and takes reports again', async () => {
  const data = temporaryFolder();
  const { wrapper, path } = await startNamespace(TMPFS, data);
  const port = await freePort();
  const relay = await startRelayProcess(port, data, { wrapper });
  const url = await relay.url();
  let acknowledged = 0;
  const sendUntil = async (end: number) => {
    for (;;) {
      const reports = Array.from({ length: 100 }, () => fullReport({ anonymous_id: reportId() }));
      const answer = await postFor(`${url}/v1/reports`, { reports });
      if (answer.status === 202) acknowledged += reports.length;
      if (answer.status === end) return answer;
    }
  };
  await sendUntil(202);
  const fill = path(join(data, 'fill'));
  execFileSync('sh', ['-c', `dd if=/dev/zero of="${fill}" bs=4k 2>/dev/null || true`]);
  expect(await sendUntil(507)).toMatchObject({ code: 'disk_full', retryAfter: '60' });
  expect((await fetch(`${url}/readyz`)).status).toBe(503);
  const upstream = await startProcess([
    ...['--port', String(port), '--no-metrics', '--data', temporaryFolder()],
  ]);
  const to = await upstream.url();
  await until('all is counted', async () => (await ask(to)).total_reports >= acknowledged);
  rmSync(fill);
  await sendUntil(202);
  await until('nothing waits', async () => (await relayState(url)).waiting_reports === 0);
  await until('all is counted', async () => (await ask(to)).total_reports >= acknowledged);
  expect(await ask(to)).toEqual({ total_reports: acknowledged, total_users: acknowledged });
});
