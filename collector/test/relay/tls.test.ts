import { expect, it } from 'vitest';
import { createAuthority } from '../support/certificates.js';
import { post } from '../support/load.js';
import { relayState } from '../support/relay-process.js';
import { fullReport } from '../support/reports.js';
import { startProcess } from '../support/start-process.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { until } from '../support/until.js';

it('passes on by https to a certificate that it trusts, and to no other', async () => {
  const folder = temporaryFolder();
  const ca = createAuthority(folder);
  const { cert, key } = ca.issue('own', 'localhost');
  const quiet = ['--port', '0', '--log-level', 'error', '--no-metrics'];
  const collector = await startProcess([
    ...['serve', ...quiet, '--data', temporaryFolder(), '--tls-cert', cert, '--tls-key', key],
  ]);
  const { port } = new URL(await collector.url());
  const data = temporaryFolder();
  const args = ['relay', '--to', `https://localhost:${port}`, ...quiet, '--data', data];
  const stranger = await startProcess(args);
  const url = await stranger.url();
  expect(await post(`${url}/v1/reports`, fullReport())).toBe(202);
  await until('it has tried', async () => (await relayState(url)).failing_reason !== null);
  expect((await relayState(url)).failing_reason).toMatch(
    /cannot be reached \(.*(CERT|SIGNED|SIGNATURE)/,
  );
  stranger.child.kill('SIGTERM');
  expect(await stranger.ended).toBe(0);
  const relay = await startProcess(args, { NODE_EXTRA_CA_CERTS: ca.cert });
  const again = await relay.url();
  await until('nothing waits', async () => (await relayState(again)).waiting_reports === 0);
});
