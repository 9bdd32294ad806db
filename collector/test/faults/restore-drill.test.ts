import { copyFileSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Report } from 'headcount/wire';
import { expect, it } from 'vitest';
import { ask } from '../support/ask-counts.js';
import { copyFiles } from '../support/copy-data.js';
import { post, startLoad } from '../support/load.js';
import { bearer, fullReport, PROOF, reportId } from '../support/reports.js';
import { type CollectorProcess, startProcess } from '../support/start-process.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { until } from '../support/until.js';

const TOKEN = 'the-administrator-of-tests';
const HEALTH_MS = 30_000;

const start = (data: string, ...more: string[]): Promise<CollectorProcess> =>
  startProcess([
    '--port',
    '0',
    '--log-level',
    'warn',
    '--data',
    data,
    '--rate-limit',
    '0',
    ...more,
  ]);

async function run(...args: string[]) {
  const { ended, stdout, stderr } = await startProcess(args);
  return { code: await ended, stdout: stdout(), stderr: stderr() };
}

async function kill({ child, ended }: CollectorProcess): Promise<void> {
  child.kill('SIGKILL');
  await ended;
}

const pathOf = (report: Report) => `/v1/users/${report.anonymous_id}?project=acme-cli`;

async function erase(url: string, report: Report): Promise<void> {
  const init = { method: 'DELETE', headers: bearer(PROOF) };
  const { status } = await fetch(`${url}${pathOf(report)}`, init);
  expect(status).toBe(202);
}

/** What a reader sees of each person: whether there is a record that only its owner gets. */
async function known(url: string, reports: readonly Report[]): Promise<boolean[]> {
  const answers: boolean[] = [];
  for (const report of reports) {
    const { status } = await fetch(`${url}${pathOf(report)}`, { headers: bearer(PROOF) });
    answers.push(status === 200);
  }
  return answers;
}

async function allCounted(url: string): Promise<void> {
  await until('everything is counted', async () => {
    const since = Date.now();
    const { as_of } = (await (await fetch(`${url}/v1/stats/summary`)).json()) as { as_of: string };
    return Date.parse(as_of) >= since;
  });
}

it('a data folder that is destroyed under load comes back with all that the backup and its journal had', async () => {
  const folder = temporaryFolder();
  const data = join(folder, 'data');
  const backups = join(folder, 'backups');
  mkdirSync(backups);
  const file = join(backups, 'drill.db');
  const first = await start(data);
  const url = await first.url();
  const load = startLoad(url, 8);
  await until('there is load', () => load.acknowledged.length >= 300);
  const early = load.acknowledged.slice(0, 6);
  for (const report of early.slice(0, 2)) await erase(url, report);

  // What is acknowledged before this moment must be in the backup.
  const before = [...load.acknowledged];
  const backedUp = await run('backup', file, '--data', data);
  expect(backedUp).toMatchObject({ code: 0 });
  await until('there is more load', () => load.acknowledged.length >= before.length + 300);
  for (const report of early.slice(2, 4)) await erase(url, report);
  await kill(first);
  await load.ended;
  expect(load.refused).toEqual([]);
  rmSync(data, { recursive: true });

  expect(await run('restore', file, '--data', data)).toMatchObject({ code: 0 });
  const second = await start(data);
  const restored = await second.url();
  await allCounted(restored);
  const counted = await ask(restored);
  const sent = load.acknowledged.length + load.unanswered.length;
  expect(counted.total_users).toBeGreaterThanOrEqual(before.length - 4);
  expect(counted.total_users).toBeLessThanOrEqual(sent - 4);
  expect(await known(restored, early)).toEqual([false, false, false, false, true, true]);

  // Clients send everything again: each person is counted once, and the deleted stay deleted.
  const again = [...load.acknowledged, ...load.unanswered];
  for (let at = 0; at < again.length; at += 500) {
    expect(await post(`${restored}/v1/reports`, { reports: again.slice(at, at + 500) })).toBe(202);
  }
  await allCounted(restored);
  expect((await ask(restored)).total_users).toBe(sent - 4);
  expect(await known(restored, early)).toEqual([false, false, false, false, true, true]);
  const after = Array.from({ length: 50 }, () => fullReport({ anonymous_id: reportId() }));
  expect(await post(`${restored}/v1/reports`, { reports: after })).toBe(202);
  await allCounted(restored);
  expect((await ask(restored)).total_users).toBe(sent - 4 + 50);
});

it('counts that are lost under load come back with all that the journal still had', async () => {
  const data = join(temporaryFolder(), 'data');
  const file = join(temporaryFolder(), 'drill.db');
  const first = await start(data);
  const url = await first.url();
  const load = startLoad(url, 8);
  await until('there is load', () => load.acknowledged.length >= 300);
  expect(await run('backup', file, '--data', data)).toMatchObject({ code: 0 });
  await until('there is more load', () => load.acknowledged.length >= 900);
  await kill(first);
  await load.ended;
  for (const name of readdirSync(data)) {
    if (name.startsWith('counts.db')) rmSync(join(data, name));
  }
  const restored = await run('restore', file, '--data', data, '--replace');
  expect(restored).toMatchObject({ code: 0 });
  const lost = Number(/(\d+) acknowledged entries are lost/.exec(restored.stdout)?.[1]);
  const second = await start(data);
  const again = await second.url();
  await allCounted(again);
  const { total_users } = await ask(again);
  // Nothing is unaccounted for: every acknowledged report is counted or told as lost.
  expect(total_users + lost).toBeGreaterThanOrEqual(load.acknowledged.length);
  expect(total_users + lost).toBeLessThanOrEqual(load.acknowledged.length + load.unanswered.length);
  const quality = (await (
    await fetch(`${again}/v1/stats/quality`, { headers: bearer(TOKEN) })
  ).json()) as {
    lost_in_restore: number;
  };
  expect(quality.lost_in_restore).toBe(lost);
});

it('naive copies at random moments, in both orders, lose nothing that is acknowledged afterwards', async () => {
  for (let round = 0; round < 6; round++) {
    const data = join(temporaryFolder(), 'data');
    const copy = join(temporaryFolder(), 'copy');
    const first = await start(data);
    const url = await first.url();
    const load = startLoad(url, 4);
    await until('there is load', () => load.acknowledged.length >= 50);
    const order = ['journal.db', 'counts.db'] as const;
    const [one, other] = round % 2 === 0 ? order : order.toReversed();
    if (one === undefined || other === undefined) throw new Error('There are two.');
    copyFiles(one, data, copy);
    await wait(20 * round);
    const between = load.acknowledged.length;
    copyFiles(other, data, copy);
    await kill(first);
    await load.ended;
    copyFileSync(join(data, 'pepper'), join(copy, 'pepper'));

    const restored = await start(copy);
    const ended = await Promise.race([restored.ended, restored.url()]);
    if (typeof ended !== 'string') {
      // A copy of a file that was being written may be torn: then it is refused in words.
      expect(restored.stderr()).toContain('headcount-collector restore');
      continue;
    }
    await allCounted(ended);
    const { total_users } = await ask(ended);
    expect(total_users).toBeLessThanOrEqual(load.acknowledged.length + load.unanswered.length);
    const after = Array.from({ length: 300 }, () => fullReport({ anonymous_id: reportId() }));
    expect(await post(`${ended}/v1/reports`, { reports: after })).toBe(202);
    await allCounted(ended);
    expect({ round, between, users: (await ask(ended)).total_users }).toEqual({
      ...{ round, between },
      users: total_users + 300,
    });
    await kill(restored);
  }
}, 240_000);

it('killed at any moment, a backup leaves the old one or the new, and a restore the old folder or the new', async () => {
  const data = join(temporaryFolder(), 'data');
  const backups = temporaryFolder();
  const file = join(backups, 'backup.db');
  const first = await start(data);
  const url = await first.url();
  const send = async (people: number): Promise<void> => {
    const reports = Array.from({ length: people }, () => fullReport({ anonymous_id: reportId() }));
    expect(await post(`${url}/v1/reports`, { reports })).toBe(202);
    await allCounted(url);
  };
  await send(100);
  const startedAt = performance.now();
  expect(await run('backup', file, '--data', data)).toMatchObject({ code: 0 });
  const tookMs = performance.now() - startedAt;
  const KILLS = 6;
  for (let at = 1; at <= KILLS; at++) {
    const command = await startProcess(['backup', file, '--data', data]);
    await wait((tookMs * at) / KILLS);
    await kill(command);
    const target = join(temporaryFolder(), 'data');
    expect(await run('restore', file, '--data', target)).toMatchObject({ code: 0 });
  }
  await send(50);
  expect(await run('backup', file, '--data', data)).toMatchObject({ code: 0 });
  expect(readdirSync(backups).sort()).toEqual(['backup.db', 'erasures']);
  await kill(first);

  // The folder to be replaced has 7 people, the backup 150.
  const target = join(temporaryFolder(), 'data');
  const old = await start(target);
  const reports = Array.from({ length: 7 }, () => fullReport({ anonymous_id: reportId() }));
  expect(await post(`${await old.url()}/v1/reports`, { reports })).toBe(202);
  await allCounted(await old.url());
  await kill(old);
  const seen = new Set<number>();
  for (let at = 1; at <= KILLS; at++) {
    const command = await startProcess(['restore', file, '--data', target, '--replace']);
    await wait((tookMs * at * 1.5) / KILLS);
    await kill(command);
    const collector = await start(target);
    const address = await collector.url();
    await allCounted(address);
    const { total_users } = await ask(address);
    expect([7, 150]).toContain(total_users);
    seen.add(total_users);
    await kill(collector);
  }
  expect(await run('restore', file, '--data', target, '--replace')).toMatchObject({ code: 0 });
  const last = await start(target);
  expect((await ask(await last.url())).total_users).toBe(150);
  expect(seen.size).toBeGreaterThan(0);
}, 300_000);

it('regular backups are made beside the load, the oldest go, and a failing one warns', async () => {
  const folder = temporaryFolder();
  const data = join(folder, 'data');
  const backups = join(folder, 'backups');
  const collector = await start(
    ...[data, '--backup-dir', backups, '--backup-every', '2s', '--backup-keep', '2'],
  );
  const url = await collector.url();
  const load = startLoad(url, 2);
  const files = (): string[] => readdirSync(backups).filter((name) => name.endsWith('.db'));
  const seen = new Set<string>();
  const deadline = performance.now() + HEALTH_MS;
  while (seen.size < 4 && performance.now() < deadline) {
    await wait(200);
    try {
      for (const name of files()) seen.add(name);
    } catch {
      // The folder is made by the first backup.
    }
  }
  expect(seen.size).toBeGreaterThanOrEqual(4);
  await until('the oldest are gone', () => files().length <= 2);
  const health = async () =>
    (await (await fetch(`${url}/health`, { headers: bearer(TOKEN) })).json()) as Health;
  expect((await health()).warnings.backup).toMatchObject({ state: 'ok', every_seconds: 2 });
  expect(Date.parse((await health()).warnings.backup.last_success_at ?? '')).toBeGreaterThan(0);
  expect(load.refused).toEqual([]);
  const [newest = ''] = files().toReversed();
  const target = join(folder, 'restored');
  expect(await run('restore', join(backups, newest), '--data', target)).toMatchObject({ code: 0 });

  // The folder is gone, as when a disk is not mounted: deletions are not confirmed, all else goes on.
  renameSync(backups, `${backups}-away`);
  writeFileSync(backups, 'no folder');
  await until('it warns', async () => (await health()).warnings.backup.state === 'warning');
  expect((await health()).status).toBe('healthy');
  const [one, two] = load.acknowledged;
  if (one === undefined || two === undefined) throw new Error('There is load.');
  const init = { method: 'DELETE', headers: bearer(PROOF) };
  expect((await fetch(`${url}${pathOf(one)}`, init)).status).toBe(503);
  rmSync(backups);
  renameSync(`${backups}-away`, backups);
  await erase(url, two);
  await until('it is well again', async () => (await health()).warnings.backup.state === 'ok');
  expect(load.refused).toEqual([]);
  expect(readdirSync(backups).filter((name) => name.includes('draft'))).toEqual([]);
  await kill(collector);
  await load.ended;
});

interface Health {
  readonly status: string;
  readonly warnings: {
    readonly backup: { readonly state: string; readonly last_success_at: string | null };
  };
}
