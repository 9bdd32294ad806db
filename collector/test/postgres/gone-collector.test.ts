import { copyFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Cause } from '../../src/health/causes.js';
import { withToken } from '../support/admin-token.js';
import { post } from '../support/load.js';
import { readMetrics, valuesOf } from '../support/read-metrics.js';
import { fullReport } from '../support/reports.js';
import { startCollector, type TestCollector } from '../support/start-collector.js';
import { startProcess } from '../support/start-process.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { until } from '../support/until.js';
import { holdCounting } from './support/hold-counting.js';
import { temporarySchema } from './support/temporary-schema.js';

const QUICK = fileURLToPath(new URL('support/quick-collector.mjs', import.meta.url));

const OFTEN = { checkNodesEveryMs: 300, checkHealthEveryMs: 100 };

const reports = Array.from({ length: 10 }, (_, n) => fullReport({ anonymous_id: `user-${n}` }));

/** What a collector says of what is missing. */
async function missingBy(collector: TestCollector): Promise<readonly Cause[]> {
  const { body } = await collector.get('/health', withToken());
  const { restore } = body['warnings'] as Record<string, { causes: readonly Cause[] }>;
  return restore?.causes ?? [];
}

async function goneFiguresOf(collector: TestCollector) {
  const metrics = readMetrics((await collector.get('/metrics', withToken())).text);
  return ['gone_collectors', 'gone_collectors_backlog_reports'].map(
    (name) => valuesOf(metrics, name)[''],
  );
}

/** A collector that was killed with ten reports that it had acknowledged, and another one. */
async function loseCollector() {
  const [store, data, others] = [await temporarySchema(), temporaryFolder(), temporaryFolder()];
  const killed = await startProcess(
    [JSON.stringify({ ...OFTEN, data, store })],
    {},
    { cli: QUICK },
  );
  const url = await killed.url();
  copyFileSync(join(data, 'pepper'), join(others, 'pepper'));
  const left = await startCollector({ ...OFTEN, data: others, store, durability: 'store' });
  const hold = await holdCounting(store);
  onTestFinished(() => hold.letGo());
  expect(await post(`${url}/v1/reports`, { reports })).toBe(202);
  const client = new pg.Client(store);
  await client.connect();
  onTestFinished(() => client.end());
  await until('it has told what waits', async () => {
    const { rowCount } = await client.query('SELECT FROM nodes WHERE waiting = 10');
    return rowCount === 1;
  });
  // The other acknowledges nothing that could be missing.
  const { rowCount } = await client.query('SELECT FROM nodes WHERE journal IS NOT NULL');
  expect(rowCount).toBe(1);
  killed.child.kill('SIGKILL');
  await killed.ended;
  await hold.letGo();
  await until('the other tells that it is gone', async () => (await missingBy(left)).length === 1);
  return { store, data, left };
}

describe('a collector that is gone with reports', () => {
  it('is told by the others until it is back', async () => {
    const { store, data, left } = await loseCollector();
    expect(await missingBy(left)).toMatchObject([
      { code: 'collector_gone', values: { host: hostname(), reports: 10 } },
    ]);
    expect(await goneFiguresOf(left)).toEqual([1, 10]);

    await startCollector({ ...OFTEN, data, store });
    await until('its reports are counted', async () => {
      const { body } = await left.get('/v1/stats/summary?project=acme-cli');
      return body['total_reports'] === 10;
    });
    // One that is slow to start may be gone once more for a moment.
    await until('it is gone no more', async () => {
      const figures = await goneFiguresOf(left);
      return (await missingBy(left)).length === 0 && figures.every((figure) => figure === 0);
    });
  }, 120_000);

  it('is counted as lost once somebody says that it does not come back', async () => {
    const { left } = await loseCollector();
    const [gone] = await missingBy(left);
    const url = `/v1/collectors/${String(gone?.values['journal'])}`;
    const giveUp = async (): Promise<number> =>
      (await left.app.inject({ method: 'DELETE', url, headers: withToken() })).statusCode;
    expect(await giveUp()).toBe(204);
    expect((await missingBy(left)).map(({ code }) => code)).toEqual([
      ...['restore_lost', 'restore_lost_unknown'],
    ]);
    expect((await left.get('/v1/stats/quality')).body).toMatchObject({
      ...{ accepted: 0, lost_in_restore: 10, unknown_losses: 1 },
    });
    expect(await giveUp()).toBe(404);
  }, 120_000);
});
