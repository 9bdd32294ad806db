import { execFileSync } from 'node:child_process';
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { startNamespace } from '../../../test/support/namespace.js';
import { withToken } from '../support/admin-token.js';
import { postFor } from '../support/post-answer.js';
import { fullReport, reportId } from '../support/reports.js';
import { startProcess } from '../support/start-process.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { until } from '../support/until.js';

const TMPFS = 'mount -t tmpfs -o size=48m,mode=700 tmpfs "$1"';

type Conditions = Record<string, { readonly state: string; readonly reason: string | null }>;

async function start() {
  const data = temporaryFolder();
  const { wrapper, path } = await startNamespace(TMPFS, data);
  const args = ['--port', '0', '--data', data, '--log-bytes-limit', '0'];
  const collector = await startProcess(args, {}, { wrapper });
  const url = await collector.url();
  const status = async (route: string): Promise<number> => (await fetch(`${url}${route}`)).status;
  return {
    inside: (...command: string[]) => {
      const [program = '', ...rest] = [...wrapper, ...command];
      execFileSync(program, rest, { stdio: 'ignore' });
    },
    ...{ data, path, stdout: collector.stdout },
    send: async () =>
      (await postFor(`${url}/v1/reports`, fullReport({ anonymous_id: reportId() }))).status,
    users: async () => {
      const asked = `${url}/v1/stats/summary?project=acme-cli`;
      const answer = await fetch(asked, { headers: withToken() });
      return ((await answer.json()) as { total_users: number }).total_users;
    },
    statuses: async () =>
      Promise.all(['/livez', '/readyz', '/health'].map(async (route) => status(route))),
    conditions: async () => {
      const answer = await fetch(`${url}/health`, { headers: withToken() });
      const body = (await answer.json()) as { components: Conditions; warnings: Conditions };
      return { ...body.components, ...body.warnings };
    },
  };
}

it('a disk that fills up is warned of, not ready when full, and well again with room', async () => {
  const { data, path, send, users, statuses, conditions, stdout } = await start();
  expect(await statuses()).toEqual([200, 200, 200]);
  expect((await conditions())['disk']?.state).toBe('ok');
  const fill = path(join(data, 'fill'));
  execFileSync('sh', ['-c', `dd if=/dev/zero of="${fill}" bs=1M count=44 2>/dev/null`]);
  expect((await conditions())['disk']).toMatchObject({ state: 'warning' });
  expect(await statuses()).toEqual([200, 200, 200]);
  execFileSync('sh', ['-c', `dd if=/dev/zero of="${fill}" bs=4k 2>/dev/null || true`]);
  await until('it is not ready', async () => (await statuses())[1] === 503);
  expect(await statuses()).toEqual([200, 503, 503]);
  expect((await conditions())['data']).toMatchObject({
    ...{ state: 'failing', reason: 'The data folder does not work (ENOSPC).' },
  });
  // The journal may have room of its own for a moment: what it takes then is kept all the same.
  const answers = await Promise.all(Array.from({ length: 40 }, send));
  expect([202, 507]).toEqual(expect.arrayContaining([...new Set(answers)]));
  rmSync(fill);
  await until('it is well', async () => (await statuses()).join() === '200,200,200');
  expect((await conditions())['disk']?.state).toBe('ok');
  answers.push(await send());
  const acknowledged = answers.filter((status) => status === 202).length;
  await until('all are counted', async () => (await users()) === acknowledged);
  const told = stdout()
    .split('\n')
    .flatMap(
      (line) => /"condition":"(disk|data)","state":"(\w+)"/.exec(line)?.slice(1).join(' ') ?? [],
    );
  expect(told.sort()).toEqual(['data failing', 'data ok', 'disk ok', 'disk warning']);
});

it('a folder that becomes read-only is not ready, and alive', async () => {
  const { data, inside, statuses, conditions } = await start();
  // The same folder, but for those who open it from now on; files that are open stay so.
  inside('mount', '--bind', data, data);
  inside('mount', '-o', 'remount,bind,ro', data);
  await until('it is not ready', async () => (await statuses())[1] === 503);
  expect(await statuses()).toEqual([200, 503, 503]);
  expect((await conditions())['data']?.reason).toContain('EROFS');
  inside('umount', data);
  await until('it is well', async () => (await statuses()).join() === '200,200,200');
});

it('takes no reports while its volume is away and another is mounted, and writes nothing there', async () => {
  const { data, inside, path, send, statuses, conditions } = await start();
  expect(await send()).toBe(202);
  inside('mount', '-t', 'tmpfs', 'tmpfs', data);
  await until('reports are refused', async () => (await send()) === 503);
  expect(await statuses()).toEqual([200, 503, 503]);
  expect((await conditions())['data']?.reason).toContain('ESTALE');
  expect(readdirSync(path(data))).toEqual([]);
  inside('umount', data);
  await until('it is well', async () => (await statuses()).join() === '200,200,200');
  await until('reports are taken', async () => (await send()) === 202);
});
