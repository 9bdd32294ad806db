import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { TRACK_ONCE } from '../support/arrival.js';
import { startCollector } from '../support/collector.js';
import { eventually } from '../support/eventually.js';
import { startRecorder } from '../support/http-recorder.js';
import { createWindowsApp, registryGuid, removeGuid, setWindowsBuild } from '../support/windows.js';
import { RELEASES } from '../support/windows-tools.js';

const FLUSH = `
  import { createHeadcount } from 'headcount';
  const headcount = createHeadcount();
  headcount.track();
  const { sent } = await headcount.flush({ timeoutMs: 15_000 });
  console.log(JSON.stringify({ sent, idSource: headcount.status().idSource }));
  await headcount.close();`;

describe.each(RELEASES)('on Windows with Node.js %s', (release) => {
  it('a program reports to a real collector, by a process that outlives it', async () => {
    const collector = await startCollector();
    const app = createWindowsApp({ 'cli.mjs': TRACK_ONCE });
    const env = { HEADCOUNT_ENDPOINT: collector.address };
    expect(await app.run('cli.mjs', { release, env })).toMatchObject({ code: 0, stderr: '' });
    await eventually(
      async () => (await collector.stats('acme-cli')).total_reports === 1,
      'the report to be counted',
    );
    expect(await collector.stats('acme-cli')).toMatchObject({
      total_users: 1,
      os_distribution: { Windows: 1 },
      version_distribution: { '2.3.1': 1 },
    });
  });

  it('a server reports from its thread, with an ID of the machine', async () => {
    const recorder = await startRecorder();
    const app = createWindowsApp({ 'server.mjs': FLUSH });
    const run = await app.run('server.mjs', {
      release,
      env: { HEADCOUNT_ENDPOINT: recorder.address },
    });
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(run.stdout)).toEqual({ sent: 1, idSource: 'machine' });
    const [report] = recorder.reports();
    expect(report?.anonymous_id).toBe(
      createHmac('sha256', `headcount:v1:acme-cli\n${recorder.address}`) // docs/identity.md
        .update(`${registryGuid()}:root`)
        .digest('hex')
        .slice(0, 16),
    );
    expect(report?.info).toMatchObject({ os: 'Windows', os_version: '10', id_persisted: true });
  });
});

it('a report tells Windows 11 from 10', async () => {
  await setWindowsBuild('22631');
  const recorder = await startRecorder();
  const app = createWindowsApp({ 'server.mjs': FLUSH });
  await app.run('server.mjs', { env: { HEADCOUNT_ENDPOINT: recorder.address } });
  expect(recorder.reports()[0]?.info).toMatchObject({ os: 'Windows', os_version: '11' });
});

it('a machine without an ID gives one of chance, which the next run keeps', async () => {
  await removeGuid();
  const recorder = await startRecorder();
  const app = createWindowsApp({ 'server.mjs': FLUSH });
  const env = { HEADCOUNT_ENDPOINT: recorder.address };
  const sources: unknown[] = [];
  for (let run = 0; run < 2; run += 1) {
    const { stdout } = await app.run('server.mjs', { env });
    sources.push((JSON.parse(stdout) as { idSource: string }).idSource);
  }
  expect(sources).toEqual(['time', 'time']);
  const ids = recorder.reports().map(({ anonymous_id }) => anonymous_id);
  expect(ids).toHaveLength(2);
  expect(new Set(ids).size).toBe(1);
});
