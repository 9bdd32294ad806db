import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { withToken } from '../support/admin-token.js';
import { bearer, fullReport, ownerOf, PROOF, reportId } from '../support/reports.js';
import { startCollector, type TestCollector } from '../support/start-collector.js';
import { startProcess } from '../support/start-process.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { until } from '../support/until.js';

/** Everything that writes by itself does so all the time. */
const BUSY = {
  ...{ checkFolderEveryMs: 20, checkHealthEveryMs: 50, checkJobsEveryMs: 50 },
  samplePerformanceEveryMs: 50,
};

async function start() {
  const data = join(temporaryFolder(), 'data');
  const collector = await startCollector({ ...BUSY, data });
  let acknowledged = 0;
  const send = async (): Promise<number> => {
    const report = fullReport({ anonymous_id: reportId(), owner: ownerOf(PROOF) });
    const { status } = await collector.post('/v1/reports', report);
    if (status === 202) acknowledged++;
    return status;
  };
  expect(await send()).toBe(202);
  await until('it keeps samples and a log', () =>
    ['performance.db', 'logs'].every((name) => existsSync(join(data, name))),
  );
  return { data, collector, send, acknowledged: () => acknowledged };
}

const dataOf = async (collector: TestCollector) => {
  const { body } = await collector.get('/health', withToken());
  return (body['components'] as Record<string, { state: string; reason: string | null }>)['data'];
};

/** The collector still writes there: a file that comes while the folder is removed is removed next. */
const remove = (folder: string): void => rmSync(folder, { recursive: true, maxRetries: 100 });

/** Lets all that writes by itself come round a few times. */
async function passTime(collector: TestCollector): Promise<void> {
  for (let n = 0; n < 20; n++) await collector.stranger('/livez');
  await until('samples fail', () =>
    collector.log().includes('samples of performance are not written'),
  );
  const lines = (): number => collector.log().split('\n').length;
  const before = lines();
  await until('lines are written', async () => {
    await collector.stranger('/livez');
    return lines() > before + 20;
  });
}

describe('a data folder that is lost', () => {
  it('refuses reports with 503 once it is removed, and is not made again', async () => {
    const { data, collector, send } = await start();
    remove(data);
    await until('reports are refused', async () => (await send()) === 503);
    const answer = await collector.post('/v1/reports', fullReport());
    expect([answer.status, answer.body['code']]).toEqual([503, 'failing']);
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
    const old = await collector.post('/statistics', fullReport());
    expect(old.status).toBe(503);
    const user = '/v1/users/ada?project=acme-cli';
    expect((await collector.delete(user, bearer(PROOF))).status).toBe(503);
    const token = await collector.post('/v1/tokens', { level: 'restricted' }, withToken());
    expect(token.status).toBe(503);
    expect((await collector.stranger('/readyz')).status).toBe(503);
    expect((await collector.stranger('/livez')).status).toBe(200);
    const told = { state: 'failing', reason: 'The data folder does not work (ENOENT).' };
    expect(await dataOf(collector)).toMatchObject(told);
    await passTime(collector);
    await collector.close();
    expect(existsSync(data)).toBe(false);
  });

  it('takes reports again once it is moved back, and has lost none', async () => {
    const { data, collector, send, acknowledged } = await start();
    const away = `${data}-away`;
    renameSync(data, away);
    await until('reports are refused', async () => (await send()) === 503);
    await passTime(collector);
    expect(existsSync(data)).toBe(false);
    renameSync(away, data);
    await until('reports are taken', async () => (await send()) === 202);
    await until('it is ready', async () => (await collector.stranger('/readyz')).status === 200);
    expect((await dataOf(collector))?.state).toBe('ok');
    await until('samples are written', () => collector.log().includes('are written again'));
    const { body } = await collector.get('/v1/stats/summary?project=acme-cli');
    expect(body).toMatchObject({ total_users: acknowledged() });
  });

  it('creates and changes nothing in another folder that took its place', async () => {
    const { data, collector, send } = await start();
    renameSync(data, `${data}-away`);
    mkdirSync(data);
    writeFileSync(join(data, 'clean'), 'of somebody else');
    await until('reports are refused', async () => (await send()) === 503);
    expect((await dataOf(collector))?.reason).toContain('ESTALE');
    await passTime(collector);
    await collector.close();
    expect(readdirSync(data)).toEqual(['clean']);
  });

  it.each(['journal.db', 'journal.db-wal', 'counts.db'])(
    'refuses reports once its %s is gone or another',
    async (name) => {
      const { data, collector, send } = await start();
      const away = join(data, 'away');
      renameSync(join(data, name), away);
      await until('reports are refused', async () => (await send()) === 503);
      writeFileSync(join(data, name), '');
      expect(await send()).toBe(503);
      expect((await collector.stranger('/readyz')).status).toBe(503);
      renameSync(away, join(data, name));
      await until('reports are taken', async () => (await send()) === 202);
    },
  );

  it('keeps what a removed -wal file held, if it is stopped and started again', async () => {
    const { data, collector, send, acknowledged } = await start();
    for (const name of ['journal.db-wal', 'counts.db-wal']) rmSync(join(data, name));
    await until('reports are refused', async () => (await send()) === 503);
    await collector.close();
    const next = await startCollector({ data });
    const { body } = await next.get('/v1/stats/summary?project=acme-cli');
    expect(body).toMatchObject({ total_users: acknowledged() });
  });

  it('is noticed by a collector as it is started', async () => {
    const data = join(temporaryFolder(), 'data');
    const { url, stdout } = await startProcess(['--port', '0', '--data', data]);
    const to = `${await url()}/v1/reports`;
    const send = async (): Promise<number> => {
      const headers = { 'content-type': 'application/json' };
      const body = JSON.stringify(fullReport({ anonymous_id: reportId() }));
      return (await fetch(to, { method: 'POST', headers, body })).status;
    };
    expect(await send()).toBe(202);
    remove(data);
    await until('reports are refused', async () => (await send()) === 503);
    await until('the log tells it', () =>
      stdout().includes('"condition":"data","state":"failing"'),
    );
    expect(existsSync(data)).toBe(false);
  });
});
