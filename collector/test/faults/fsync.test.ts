import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { withToken } from '../support/admin-token.js';
import { ask } from '../support/ask-counts.js';
import { buildShim } from '../support/build-shim.js';
import { postFor } from '../support/post-answer.js';
import { fullReport, reportId } from '../support/reports.js';
import { startProcess, type CollectorProcess } from '../support/start-process.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { until } from '../support/until.js';

interface Disk {
  readonly args: readonly string[];
  start(): Promise<CollectorProcess>;
  /** `ok`, `slow <ms>` or `fail`. */
  set(order: string): void;
}

function createDisk(): Disk {
  const folder = temporaryFolder();
  const shim = buildShim('fsync-shim.c', folder);
  const control = join(folder, 'control');
  const set = (order: string): void => writeFileSync(control, order);
  set('ok');
  const args = ['--port', '0', '--log-level', 'error', '--data', join(folder, 'data')];
  const env = { LD_PRELOAD: shim, FSYNC_CONTROL: control };
  return { args, set, start: () => startProcess(args, env) };
}

const report = () => fullReport({ anonymous_id: reportId() });

describe('a disk that is slow', () => {
  it('holds acknowledgements up, fills the queue to its brim, and everything acknowledged counts', async () => {
    const disk = createDisk();
    const url = await (await disk.start()).url();
    disk.set('slow 400');
    const started = performance.now();
    expect(await postFor(`${url}/v1/reports`, report())).toMatchObject({ status: 202 });
    expect(performance.now() - started).toBeGreaterThan(390);

    disk.set('slow 3000');
    const batch = () => ({ reports: Array.from({ length: 500 }, report) });
    const answers = await Promise.all(
      Array.from({ length: 80 }, () => postFor(`${url}/v1/reports`, batch())),
    );
    const accepted = answers.filter(({ status }) => status === 202).length;
    const refused = answers.filter(({ status }) => status !== 202);
    expect(refused.length).toBeGreaterThan(0);
    for (const answer of refused) {
      expect(answer).toEqual({ status: 503, retryAfter: '1', code: 'busy' });
    }
    disk.set('ok');
    expect(await postFor(`${url}/v1/reports`, report())).toMatchObject({ status: 202 });
    const total = accepted * 500 + 2;
    await until('everything is counted', async () => (await ask(url)).total_reports >= total);
    expect(await ask(url)).toEqual({ total_reports: total, total_users: total });
  });
});

describe('a disk that fails', () => {
  it('gets nothing acknowledged; what it refused does not count, also after kill -9', async () => {
    const disk = createDisk();
    const first = await disk.start();
    const url = await first.url();
    expect(await postFor(`${url}/v1/reports`, report())).toMatchObject({ status: 202 });
    disk.set('fail');
    const lost = report();
    for (let n = 0; n < 3; n++) {
      expect(await postFor(`${url}/v1/reports`, lost)).toEqual({
        status: 503,
        retryAfter: '5',
        code: 'failing',
      });
    }
    const health = await fetch(`${url}/health`, { headers: withToken() });
    expect(health.status).toBe(503);
    expect(await health.json()).toMatchObject({
      status: 'unhealthy',
      components: { journal: { state: 'failing', reason: expect.any(String) as string } },
    });
    disk.set('ok');
    await until('it takes reports again', async () => {
      return (await postFor(`${url}/v1/reports`, report())).status === 202;
    });
    expect((await fetch(`${url}/health`)).status).toBe(200);
    const before = await ask(url);
    expect(before.total_reports).toBe(2);
    first.child.kill('SIGKILL');
    await first.ended;

    const again = await (await disk.start()).url();
    await until('it has caught up', async () => (await ask(again)).total_reports >= 2);
    expect(await ask(again)).toEqual(before);
    expect(await postFor(`${again}/v1/reports`, lost)).toMatchObject({ status: 202 });
    expect(await ask(again)).toEqual({ total_reports: 3, total_users: 3 });
  });
});
