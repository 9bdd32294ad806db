import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Report } from 'headcount/wire';
import { expect, it } from 'vitest';
import { readErasures } from '../../src/erasures/erasures-file.js';
import { bearer, fullReport, PROOF, reportId } from '../support/reports.js';
import { startCollector, type TestCollector } from '../support/start-collector.js';
import { startProcess } from '../support/start-process.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { until } from '../support/until.js';

const start = (options: Parameters<typeof startCollector>[0] = {}) =>
  startCollector({ now: () => new Date(), ...options });

async function run(...args: string[]) {
  const { ended, stdout, stderr } = await startProcess(args);
  return { code: await ended, stdout: stdout(), stderr: stderr() };
}

async function send(collector: TestCollector, people: number): Promise<Report[]> {
  const reports = Array.from({ length: people }, () => fullReport({ anonymous_id: reportId() }));
  await collector.post('/v1/reports', { reports });
  await collector.get('/stats');
  return reports;
}

const pathOf = (report?: Report) => `/v1/users/${report?.anonymous_id}?project=acme-cli`;
const erase = async (collector: TestCollector, report?: Report): Promise<number> =>
  (await collector.delete(pathOf(report), bearer(PROOF))).status;
const isKnown = async (collector: TestCollector, report?: Report): Promise<boolean> =>
  (await collector.get(pathOf(report), bearer(PROOF))).status === 200;

async function backupHealth(collector: TestCollector): Promise<Record<string, unknown>> {
  const { warnings } = (await collector.get('/health')).body;
  return (warnings as Record<string, Record<string, unknown>>)['backup'] ?? {};
}

it('a deletion while a folder of backups is away is repeated by every restore that can know it', async () => {
  const first = await start();
  const [one, two, three] = await send(first, 5);
  const parent = temporaryFolder();
  const [folder, away] = [join(parent, 'usb'), join(parent, 'usb-away')];
  // The folder is made, since the one above it is there.
  expect(await run('backup', join(folder, 'a.db'), '--data', first.data)).toMatchObject({
    code: 0,
  });
  expect(await erase(first, one)).toBe(202);
  renameSync(folder, away);
  expect(await erase(first, two)).toBe(202);
  const health = await backupHealth(first);
  expect(health).toMatchObject({ state: 'warning' });
  expect(health['reason']).toContain(`${folder} is away since`);
  expect(existsSync(folder)).toBe(false);

  // A backup into it does not make another folder in its place.
  const again = await run('backup', join(folder, 'b.db'), '--data', first.data);
  expect(again.code).toBe(1);
  expect(again.stderr).toMatch(/mount it.*backup --forget/s);

  // The data folder knows better than the list beside the backup.
  const target = join(parent, 'elsewhere');
  expect(await run('restore', join(away, 'a.db'), '--data', target)).toMatchObject({ code: 0 });
  const elsewhere = await start({ data: target });
  expect(await isKnown(elsewhere, one)).toBe(false);
  expect(await isKnown(elsewhere, two)).toBe(false);
  expect(await isKnown(elsewhere, three)).toBe(true);
  await elsewhere.close();

  // Back again, it gets what it has missed, without another deletion.
  renameSync(away, folder);
  await until(
    'the folder has both',
    async () => (await readErasures(join(folder, 'erasures')))?.lines.length === 2,
  );
  expect(await backupHealth(first)).toMatchObject({ state: 'ok' });
  await first.close();
  rmSync(first.data, { recursive: true });
  rmSync(target, { recursive: true });
  const restored = await run('restore', join(folder, 'a.db'), '--data', first.data);
  expect(restored).toMatchObject({ code: 0 });
  expect(restored.stdout).toContain('2 deletions since the backup are repeated');
  expect(restored.stdout).toMatch(/All deletions up to 20\S+Z are known/);
  const second = await start({ data: first.data });
  expect(await isKnown(second, two)).toBe(false);
  expect(await isKnown(second, three)).toBe(true);
}, 60_000);

it('the folder of regular backups is made once, and never in the place of a volume that is away', async () => {
  const parent = temporaryFolder();
  const [backupDir, away] = [join(parent, 'volume'), join(parent, 'volume-away')];
  const options = { backupDir, backupEveryMs: 500, backupKeep: 2, checkJobsEveryMs: 200 };
  const first = await start(options);
  const [one, two] = await send(first, 3);
  const backups = (folder: string) => readdirSync(folder).filter((name) => name.endsWith('.db'));
  await until('there is a backup', () => backups(backupDir).length > 0);
  renameSync(backupDir, away);
  expect(await erase(first, one)).toBe(503);
  expect(await backupHealth(first)).toMatchObject({ state: 'warning' });
  await first.close();

  // As after a reboot at which the volume was not mounted: everything else goes on.
  mkdirSync(backupDir);
  const second = await start({ ...options, data: first.data });
  await send(second, 3);
  expect(await erase(second, two)).toBe(503);
  expect(await backupHealth(second)).toMatchObject({ state: 'warning' });
  expect(readdirSync(backupDir)).toEqual([]);
  rmSync(backupDir, { recursive: true });
  renameSync(away, backupDir);
  await until('it is well again', async () => (await backupHealth(second))['state'] === 'ok');
  const kept = await readErasures(join(backupDir, 'erasures'));
  expect(kept?.lines).toHaveLength(2);
}, 60_000);

it.each([
  ['missing', () => undefined],
  ['empty', () => ''],
  ['an older copy', (before: string) => before],
  ['cut off', (_before: string, after: string) => after.slice(0, -100)],
])(
  'the data folder’s list is %s while a folder is away: what no list knows is said',
  async (_what, damage: (before: string, after: string) => string | undefined) => {
    const first = await start();
    const [one, two] = await send(first, 4);
    const parent = temporaryFolder();
    const [folder, away] = [join(parent, 'usb'), join(parent, 'usb-away')];
    await run('backup', join(folder, 'a.db'), '--data', first.data);
    const list = join(first.data, 'erasures');
    const before = readFileSync(list, 'utf8');
    renameSync(folder, away);
    expect(await erase(first, one)).toBe(202);
    const deletedAt = Date.now();
    await first.get('/stats');
    await first.close();
    const damaged = damage(before, readFileSync(list, 'utf8'));
    if (damaged === undefined) rmSync(list);
    else writeFileSync(list, damaged);

    const second = await start({ data: first.data });
    expect(await erase(second, two)).toBe(202);
    renameSync(away, folder);
    const reason = async () => String((await backupHealth(second))['reason']);
    await until('the gap is told', async () => (await reason()).includes('do not know who'));
    expect(await reason()).toContain(folder);
    await second.close();
    const target = join(parent, 'elsewhere');
    const restored = await run('restore', join(folder, 'a.db'), '--data', target);
    expect(restored).toMatchObject({ code: 0 });
    const [, known = ''] = /All deletions up to (\S+) are known/.exec(restored.stdout) ?? [];
    expect(Date.parse(known)).toBeLessThan(deletedAt);
    const third = await start({ data: target });
    expect(await isKnown(third, two)).toBe(false);
  },
  60_000,
);

it('a damaged list beside backups is told until the older backups are gone', async () => {
  const first = await start();
  const [one] = await send(first, 3);
  const folder = join(temporaryFolder(), 'usb');
  await run('backup', join(folder, 'a.db'), '--data', first.data);
  await first.close();
  writeFileSync(join(folder, 'erasures'), '');
  const second = await start({ data: first.data });
  expect(await erase(second, one)).toBe(202);
  const health = await backupHealth(second);
  expect(health['reason']).toMatch(
    /list of deletions in \S+ was damaged \(erasures\.damaged-\d+\)/,
  );
  await run('backup', join(folder, 'b.db'), '--data', first.data);
  rmSync(join(folder, 'a.db'));
  for (const name of readdirSync(folder).filter((file) => file.includes('damaged'))) {
    rmSync(join(folder, name));
  }
  await until('it is well again', async () => (await backupHealth(second))['state'] === 'ok');
  const target = join(temporaryFolder(), 'elsewhere');
  expect(await run('restore', join(folder, 'b.db'), '--data', target)).toMatchObject({ code: 0 });
});

it('a folder that is gone for good is forgotten by a command', async () => {
  const collector = await start();
  await send(collector, 2);
  const folder = join(temporaryFolder(), 'old');
  await run('backup', join(folder, 'a.db'), '--data', collector.data);
  rmSync(folder, { recursive: true });
  expect(await backupHealth(collector)).toMatchObject({ state: 'warning' });
  const wrong = await run('backup', '--forget', `${folder}er`, '--data', collector.data);
  expect(wrong.code).toBe(1);
  expect(wrong.stderr).toContain(folder);
  const forgotten = await run('backup', '--forget', folder, '--data', collector.data);
  expect(forgotten).toMatchObject({ code: 0 });
  expect(await backupHealth(collector)).toMatchObject({ state: 'ok' });
  expect((await run('backup', join(folder, 'a.db'), '--data', collector.data)).code).toBe(0);
});

it('backups that are made by hand count, and are overdue after two of their periods', async () => {
  let now = new Date();
  const collector = await start({ now: () => now });
  await send(collector, 2);
  expect(await backupHealth(collector)).toMatchObject({ state: 'ok', last_success_at: null });
  await run('backup', join(temporaryFolder(), 'a.db'), '--data', collector.data);
  const { last_success_at: at, state } = await backupHealth(collector);
  expect(state).toBe('ok');
  expect(Math.abs(Date.parse(String(at)) - now.getTime())).toBeLessThan(60_000);
  now = new Date(now.getTime() + 3 * 86_400_000);
  expect(await backupHealth(collector)).toMatchObject({
    state: 'warning',
    reason: expect.stringContaining('The last backup is of') as string,
  });
});

it('a backup or a restore that fails leaves nothing behind', async () => {
  const collector = await start();
  await send(collector, 2);
  const parent = temporaryFolder();
  const file = join(parent, 'backups', 'a.db');
  // The journal cannot be read, which shows only after the folder was prepared.
  const journal = join(collector.data, 'journal.db');
  await collector.close();
  renameSync(journal, `${journal}.away`);
  mkdirSync(journal);
  expect((await run('backup', file, '--data', collector.data)).code).toBe(1);
  expect(readdirSync(parent)).toEqual([]);
  rmSync(journal, { recursive: true });
  renameSync(`${journal}.away`, journal);
  expect((await run('backup', file, '--data', collector.data)).code).toBe(0);
  rmSync(join(parent, 'backups', 'erasures'));
  expect((await run('restore', file, '--data', join(parent, 'x', 'y'))).code).toBe(1);
  expect(readdirSync(parent)).toEqual(['backups']);
});

it('a restore keeps the tokens and the audit log of the folder that it replaces, or those of the backup', async () => {
  const first = await start({ adminToken: undefined });
  await send(first, 2);
  const made = await run(
    'token',
    'create',
    '--level',
    'restricted',
    '--data',
    first.data,
    '--json',
  );
  const { id } = JSON.parse(made.stdout) as { id: string };
  const file = join(temporaryFolder(), 'a.db');
  expect((await run('backup', file, '--data', first.data)).code).toBe(0);
  await first.close();
  const list = async (data: string): Promise<string> =>
    (await run('token', 'list', '--json', '--data', data)).stdout;
  const target = join(temporaryFolder(), 'data');
  expect((await run('restore', file, '--data', target)).code).toBe(0);
  expect(await list(target)).toContain(id);
  expect(existsSync(join(target, 'admin-token'))).toBe(false);

  // Revoked since: it does not come back.
  expect((await run('token', 'revoke', id, '--data', first.data)).code).toBe(0);
  expect((await run('restore', file, '--data', first.data, '--replace')).code).toBe(0);
  expect(await list(first.data)).not.toContain(id);
  expect(existsSync(join(first.data, 'admin-token'))).toBe(true);
}, 60_000);
