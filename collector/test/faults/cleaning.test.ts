import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { startNamespace } from '../../../test/support/namespace.js';
import { fullReport, reportId } from '../support/reports.js';
import { type CollectorProcess, startProcess } from '../support/start-process.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { until } from '../support/until.js';

const TOKEN = 'the-administrator-of-tests';
const PEOPLE = 6000;
const ENV = { HEADCOUNT_ADMIN_TOKEN: TOKEN };
const TMPFS = 'mount -t tmpfs -o size=48m,mode=700 tmpfs "$1"';

type Body = Readonly<Record<string, unknown>>;

async function request(url: string, method = 'GET', body?: object) {
  const response = await fetch(url, {
    method,
    headers: {
      authorization: `Bearer ${TOKEN}`,
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as Body };
}

/** People of today, and a few of yesterday. */
async function report(url: string): Promise<void> {
  for (let sent = 0; sent < PEOPLE; sent += 500) {
    const reports = Array.from({ length: 500 }, (_, n) =>
      fullReport({
        anonymous_id: reportId(),
        timestamp: new Date(Date.now() - (n % 10 === 0 ? 86_400_000 : 0)).toISOString(),
      }),
    );
    expect(await request(`${url}/v1/reports`, 'POST', { reports })).toMatchObject({ status: 202 });
  }
  await until('all are counted', async () => {
    const { body } = await request(`${url}/v1/stats/summary`);
    return body['total_users'] === PEOPLE;
  });
}

/** Answers about all there is, without the moments of the answers. */
async function everything(url: string): Promise<string[]> {
  const paths = [
    'summary',
    'timeseries?metric=new',
    'retention?interval=day',
    'adoption',
    'growth',
  ];
  const texts: string[] = [];
  for (const path of [...paths, 'timeseries?group_by=os&window=7d', 'quality']) {
    const { status, body } = await request(`${url}/v1/stats/${path}`);
    expect({ path, status }).toEqual({ path, status: 200 });
    texts.push(JSON.stringify({ ...body, as_of: null }));
  }
  return texts;
}

const cleaningOf = async (url: string): Promise<Body> => {
  const { body } = await request(`${url}/v1/cleanings`);
  const [cleaning = {}] = body['cleanings'] as Body[];
  return cleaning;
};

describe('a cleaning', () => {
  it.each([0, 15, 60, 150])(
    'that is killed %i ms after it began goes on, and so does its undo',
    async (killAfterMs) => {
      const data = temporaryFolder();
      const args = ['--port', '0', '--log-level', 'error', '--data', data];
      const start = (): Promise<CollectorProcess> => startProcess(args, ENV);
      let collector = await start();
      const killed = async (work: (url: string) => Promise<unknown>): Promise<string> => {
        const working = work(await collector.url()).catch(() => undefined);
        await wait(killAfterMs);
        collector.child.kill('SIGKILL');
        await collector.ended;
        await working;
        collector = await start();
        return collector.url();
      };
      const url = await collector.url();
      await report(url);
      const before = await everything(url);
      const day = new Date().toISOString().slice(0, 10);
      const clean = (at: string) =>
        request(`${at}/v1/projects/acme-cli/cleanings`, 'POST', { day, new: true });
      const rehearsed = await request(`${url}/v1/projects/acme-cli/cleanings`, 'POST', {
        ...{ day, new: true, dry_run: true },
      });
      const again = await killed(clean);
      // What was not acknowledged may be on disk or not.
      if ((await cleaningOf(again))['id'] === undefined) await clean(again);
      await until('it is done', async () => (await cleaningOf(again))['state'] === 'done');
      const { people, reports } = rehearsed.body;
      expect(await cleaningOf(again)).toMatchObject({ people, reports });
      const { body } = await request(`${again}/v1/stats/summary`);
      expect(body['total_users']).toBe(PEOPLE - Number(people));

      const { id } = await cleaningOf(again);
      const undo = (at: string) => request(`${at}/v1/cleanings/${String(id)}`, 'DELETE');
      const last = await killed(undo);
      if ((await cleaningOf(last))['state'] === 'done') await undo(last);
      await until('it is undone', async () => (await cleaningOf(last))['state'] === 'undone');
      expect(await everything(last)).toEqual(before);
    },
    120_000,
  );

  it('takes all or nothing where the disk is full, and goes on when there is room', async () => {
    const data = temporaryFolder();
    const { wrapper, path } = await startNamespace(TMPFS, data);
    const args = ['--port', '0', '--log-level', 'error', '--data', data];
    const url = await (await startProcess(args, ENV, { wrapper })).url();
    await report(url);
    const before = await everything(url);
    const fill = path(join(data, 'fill'));
    const fillDisk = (): void => {
      execFileSync('sh', ['-c', `dd if=/dev/zero of="${fill}" bs=4k || true`], { stdio: 'ignore' });
    };
    fillDisk();
    const day = new Date().toISOString().slice(0, 10);
    const clean = () =>
      request(`${url}/v1/projects/acme-cli/cleanings`, 'POST', { day, new: true });
    // A log with room left over takes the entry; the counts then wait for room.
    const refused = await clean();
    expect([202, 503, 507]).toContain(refused.status);
    rmSync(fill);
    if (refused.status === 507) expect(await clean()).toMatchObject({ status: 202 });
    await until('it is done', async () => (await cleaningOf(url))['state'] === 'done');
    fillDisk();
    const { id } = await cleaningOf(url);
    const undo = () => request(`${url}/v1/cleanings/${String(id)}`, 'DELETE');
    const first = await undo();
    rmSync(fill);
    if (first.status === 507) expect(await undo()).toMatchObject({ status: 202 });
    await until('it is undone', async () => (await cleaningOf(url))['state'] === 'undone');
    expect(await everything(url)).toEqual(before);
  }, 120_000);
});
