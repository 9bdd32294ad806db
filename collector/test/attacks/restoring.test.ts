import { cpSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { withToken } from '../support/admin-token.js';
import { post } from '../support/load.js';
import { bearer, fullReport, ownerOf, PROOF } from '../support/reports.js';
import { type CollectorProcess, startProcess } from '../support/start-process.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { until } from '../support/until.js';
import { batchOf, newPerson, times } from './start-attacked.js';

const serve = (data: string): Promise<CollectorProcess> =>
  startProcess(['--port', '0', '--log-level', 'error', '--no-announce', '--data', data], {
    HEADCOUNT_NEW_IDS_LIMIT: '0',
  });

const send = async (url: string, reports: number): Promise<void> => {
  for (let n = 0; n < reports; n += 500) {
    const batch = batchOf(times(500, () => newPerson()));
    expect(await post(`${url}/v1/reports`, batch)).toBe(202);
  }
};

const look = async (url: string, path: string): Promise<Record<string, unknown>> => {
  const answer = await fetch(`${url}${path}`, { headers: withToken() });
  return (await answer.json()) as Record<string, unknown>;
};

const people = async (url: string): Promise<number> => {
  const { total_users: n } = await look(url, '/v1/stats/summary?project=acme-cli');
  return Number(n);
};

const stop = async ({ child, ended }: CollectorProcess): Promise<void> => {
  child.kill('SIGTERM');
  await ended;
};

/** What an operator’s script copies: a database with what SQLite keeps beside it. */
function copy(name: string, from: string, to: string): void {
  for (const suffix of ['', '-wal', '-shm']) {
    if (existsSync(join(from, name + suffix))) {
      cpSync(join(from, name + suffix), join(to, name + suffix));
    }
  }
}

it('counts what is acknowledged after journal.db was copied before counts.db', async () => {
  const [data, copied] = [join(temporaryFolder(), 'data'), join(temporaryFolder(), 'copied')];
  mkdirSync(copied, { mode: 0o700 });
  const first = await serve(data);
  const url = await first.url();
  await send(url, 1000);
  expect(await people(url)).toBe(1000);
  await stop(first);
  copy('journal.db', data, copied);
  const second = await serve(data);
  await send(await second.url(), 4000);
  expect(await people(await second.url())).toBe(5000);
  await stop(second);
  for (const name of ['counts.db', 'pepper']) copy(name, data, copied);

  const third = await serve(copied);
  const again = await third.url();
  const before = await people(again);
  expect(before).toBeGreaterThanOrEqual(5000);
  await send(again, 3000);
  await until('they are counted', async () => (await people(again)) >= before + 3000);
  expect(await people(again)).toBe(before + 3000);
});

it('counts nothing acknowledged on two databases that are none: it refuses to start', async () => {
  const data = join(temporaryFolder(), 'data');
  await stop(await serve(data).then(async (one) => (await one.url(), one)));
  for (const name of ['journal.db', 'counts.db']) {
    for (const suffix of ['-wal', '-shm']) rmSync(join(data, name + suffix), { force: true });
    // Text in the place of a database.
    cpSync(new URL(import.meta.url), join(data, name));
  }
  const broken = await serve(data);
  expect(await broken.ended).toBe(1);
  expect(broken.stderr()).toMatch(/restore/i);
  expect(broken.stderr()).not.toMatch(/^\s+at /m);
});

it('brings nobody back who was deleted after the backup', async () => {
  const [data, backups] = [join(temporaryFolder(), 'data'), temporaryFolder()];
  const backup = join(backups, 'monday.db');
  const first = await serve(data);
  const url = await first.url();
  await send(url, 500);
  const mine = fullReport({ ...newPerson(), owner: ownerOf(PROOF) });
  expect(await post(`${url}/v1/reports`, mine)).toBe(202);
  expect(await people(url)).toBe(501);
  const saving = await startProcess(['backup', backup, '--data', data]);
  expect([await saving.ended, saving.stderr()]).toEqual([0, expect.any(String)]);
  const path = `${url}/v1/users/${mine.anonymous_id}?project=acme-cli`;
  const deleted = await fetch(path, { method: 'DELETE', headers: bearer() });
  expect(deleted.status).toBe(202);
  await send(url, 500);
  await stop(first);
  rmSync(data, { recursive: true });

  const restoring = await startProcess(['restore', backup, '--data', data]);
  expect([await restoring.ended, restoring.stderr()]).toEqual([0, expect.any(String)]);
  const second = await serve(data);
  expect(await people(await second.url())).toBe(500);
  // Nor by a report from before, that comes late.
  expect(await post(`${await second.url()}/v1/reports`, { ...mine, report_id: undefined })).toBe(
    202,
  );
  expect(await people(await second.url())).toBe(500);
});
