import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Report } from 'headcount/wire';
import { beforeAll, describe, expect, it } from 'vitest';
import { takeBackup as takeBackupOf } from '../../src/backup/take-backup.js';
import { dataFolder } from '../../src/data-folder.js';
import { openWriter } from '../../src/sqlite/database.js';
import { journalEmpty, removeFiles } from '../support/copy-data.js';
import { reportVisits } from '../support/report-visits.js';
import { bearer, fullReport, PROOF, reportId } from '../support/reports.js';
import { startCollector, type TestCollector } from '../support/start-collector.js';
import { startProcess } from '../support/start-process.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const TOKEN = 'the-administrator-of-tests';

const start = (
  options: Parameters<typeof startCollector>[0] = {},
  atEnd?: Parameters<typeof startCollector>[1],
) => startCollector({ adminToken: TOKEN, ...options }, atEnd);

async function run(...args: string[]) {
  const { ended, stdout, stderr } = await startProcess(args);
  return { code: await ended, stdout: stdout(), stderr: stderr() };
}

async function send(collector: TestCollector, people: number): Promise<Report[]> {
  const reports = Array.from({ length: people }, () => fullReport({ anonymous_id: reportId() }));
  expect((await collector.post('/v1/reports', { reports })).body).toMatchObject({
    accepted: people,
  });
  await collector.get('/stats');
  await journalEmpty(collector.data);
  return reports;
}

async function totals(collector: TestCollector): Promise<unknown[]> {
  const { body } = await collector.get('/stats');
  return [body['total_users'], body['total_reports']];
}

async function losses(collector: TestCollector): Promise<unknown[]> {
  const { body } = await collector.get('/v1/stats/quality', bearer(TOKEN));
  return [body['lost_in_restore'], body['unknown_losses']];
}

const pathOf = (report?: Report) => `/v1/users/${report?.anonymous_id}?project=acme-cli`;

async function erase(collector: TestCollector, reports: readonly Report[]): Promise<void> {
  for (const report of reports) {
    expect((await collector.delete(pathOf(report), bearer(PROOF))).status).toBe(202);
  }
}

describe('a backup of a running collector', () => {
  it('is restored on an empty machine: counts, settings, deletions since, and who may come back', async () => {
    const first = await start();
    const admin = bearer(TOKEN);
    await first.app.inject({
      ...{ method: 'PUT', url: '/v1/projects/acme-cli', headers: admin },
      payload: { timezone: 'Asia/Tokyo' },
    });
    const notes = '/v1/projects/acme-cli/annotations';
    const noted = await first.post(notes, { date: '2026-11-20', text: 'A note' }, admin);
    const before = await send(first, 20);
    await erase(first, before.slice(0, 2));
    const folder = temporaryFolder();
    const file = join(folder, 'monday.db');
    const taken = await run('backup', file, '--data', first.data);
    expect(taken).toMatchObject({ code: 0 });
    expect((statSync(file).mode & 0o777).toString(8)).toBe('600');
    expect((statSync(join(folder, 'erasures')).mode & 0o777).toString(8)).toBe('600');
    expect(readdirSync(folder).sort()).toEqual(['erasures', 'monday.db']);

    // After the backup: more reports, which are lost, and deletions, which are not.
    await send(first, 7);
    await erase(first, before.slice(2, 5));
    await first.close();
    rmSync(first.data, { recursive: true });

    const restored = await run('restore', file, '--data', first.data);
    expect(restored).toMatchObject({ code: 0 });
    expect(restored.stdout).toContain('3 deletions since the backup are repeated');
    expect(restored.stdout).toContain('how many cannot be known');
    const second = await start({ data: first.data, now: () => new Date() });
    expect(await totals(second)).toEqual([15, 20]);
    expect(await losses(second)).toEqual([0, 1]);
    expect(second.log()).not.toContain('older than');
    for (const report of before.slice(0, 5)) {
      expect((await second.get(pathOf(report), bearer(PROOF))).status).toBe(404);
    }
    // A late copy of a deleted user's report changes nothing; nobody counts twice.
    await second.post('/v1/reports', { reports: before });
    expect(await totals(second)).toEqual([15, 20]);
    await send(second, 4);
    expect(await totals(second)).toEqual([19, 24]);
    const settings = JSON.parse(readFileSync(join(first.data, 'projects.json'), 'utf8')) as unknown;
    expect(JSON.stringify(settings)).toContain('Asia/Tokyo');
    expect((await second.get(notes, admin)).body).toEqual({ annotations: [noted.body] });

    // The restored collector goes on to keep deletions beside the backup.
    await erase(second, before.slice(5, 6));
    await second.close();
    rmSync(first.data, { recursive: true });
    expect((await run('restore', file, '--data', first.data)).code).toBe(0);
    const third = await start({ data: first.data });
    expect(await totals(third)).toEqual([14, 20]);
  });

  it('has who reported which event and field on which days, without the deleted', async () => {
    const now = () => new Date('2026-11-24T21:00:00Z');
    const first = await start({ now });
    const build = (user: string, at: string, bundler: string) => ({
      ...{ user, at, event: 'build', fields: { bundler } },
    });
    await reportVisits(first, [
      build('ada', '2026-11-24', 'vite'),
      build('ada', '2026-11-20', 'webpack'),
      build('bob', '2026-11-24', 'vite'),
      build('eve', '2026-11-23', 'vite'),
      { user: 'zoe', at: '2026-11-24' },
    ]);
    const erased = await first.delete('/v1/users/eve?project=acme-cli', bearer(TOKEN));
    expect(erased.status).toBe(202);
    const people = async (collector: TestCollector) => {
      const get = async (url: string) => {
        const { text, body } = await collector.get(url, bearer(TOKEN));
        return (body['rows'] ?? body['events'] ?? text) as readonly unknown[] | string;
      };
      const of = 'project=acme-cli';
      const answers = await Promise.all(
        ['event', 'field:build.bundler'].flatMap((dimension) => [
          get(`/v1/stats/breakdown?${of}&metric=people&window=7d&dimension=${dimension}`),
          get(`/v1/stats/timeseries?${of}&from=2026-11-18&group_by=${dimension}`),
        ]),
      );
      // An export does not wait for what is not counted yet, as questions do.
      answers.push(
        await get('/v1/users/ada?project=acme-cli'),
        await get('/v1/export?what=events'),
      );
      return answers;
    };
    const before = await people(first);
    expect(before[2]).toMatchObject([
      { value: 'vite', count: 2 },
      { value: 'webpack', count: 1 },
    ]);
    expect(before.every((answer) => answer.length > 0)).toBe(true);
    const file = join(temporaryFolder(), 'monday.db');
    expect(await run('backup', file, '--data', first.data)).toMatchObject({ code: 0 });
    await first.close();
    rmSync(first.data, { recursive: true });
    expect(await run('restore', file, '--data', first.data)).toMatchObject({ code: 0 });
    const second = await start({ data: first.data, now });
    expect(await people(second)).toEqual(before);
    // Who is known goes on as before.
    await reportVisits(second, [build('ada', '2026-11-24', 'vite')]);
    expect((await people(second))[2]).toEqual(before[2]);
  });

  it('counts what the journal of a broken folder still holds', async () => {
    const first = await start({ now: () => new Date() });
    await send(first, 10);
    const file = join(temporaryFolder(), 'backup.db');
    expect((await run('backup', file, '--data', first.data)).code).toBe(0);
    const lost = await send(first, 5);
    const outage = openWriter(join(first.data, 'counts.db'), { walPages: 1000 });
    outage.exec('BEGIN IMMEDIATE');
    const waiting = Array.from({ length: 30 }, () => fullReport({ anonymous_id: reportId() }));
    await first.post('/v1/reports', { reports: waiting });
    // As after a disaster in which the counts alone are lost.
    const data = temporaryFolder();
    for (const name of ['journal.db', 'journal.db-wal']) {
      copyFileSync(join(first.data, name), join(data, name));
    }
    outage.exec('ROLLBACK');
    outage.close();

    expect((await run('restore', file, '--data', data)).stderr).toContain('--replace');
    const restored = await run('restore', file, '--data', data, '--replace');
    expect(restored).toMatchObject({ code: 0 });
    expect(restored.stdout).toContain('30 of the journal');
    expect(restored.stdout).toContain('5 acknowledged entries are lost');
    const second = await start({ data, now: () => new Date() });
    expect(await totals(second)).toEqual([40, 40]);
    expect(await losses(second)).toEqual([5, 0]);
    await second.post('/v1/reports', { reports: [...waiting, ...lost] });
    expect(await totals(second)).toEqual([45, 45]);
  });

  it('has what was acknowledged and not counted when it was made', async () => {
    const first = await start({ now: () => new Date() });
    const counted = await send(first, 10);
    const outage = openWriter(join(first.data, 'counts.db'), { walPages: 1000 });
    outage.exec('BEGIN IMMEDIATE');
    const waiting = Array.from({ length: 30 }, () => fullReport({ anonymous_id: reportId() }));
    await first.post('/v1/reports', { reports: waiting });
    await first.delete(pathOf(counted[0]), bearer(PROOF)).catch(() => undefined);
    const file = join(temporaryFolder(), 'backup.db');
    const taken = await run('backup', file, '--data', first.data);
    expect(taken).toMatchObject({ code: 0 });
    expect(taken.stdout).toContain('30 entries still to be counted');
    outage.exec('ROLLBACK');
    outage.close();
    // The old journal has the same entries: they count once.
    await first.close();
    expect((await run('restore', file, '--data', first.data, '--replace')).code).toBe(0);
    const second = await start({ data: first.data, now: () => new Date() });
    expect(await totals(second)).toEqual([40, 40]);
    expect(await losses(second)).toEqual([0, 0]);
  });
});

/** Outside of a test, no process may be started. */
const takeBackup = ({ data }: TestCollector, file: string, withoutPepper: boolean) =>
  takeBackupOf({
    ...{ folder: dataFolder(data), file, withoutPepper, release: '0.0.0' },
    now: () => new Date(),
    onStep: () => undefined,
  });

describe('a backup that must not be used', () => {
  let folder: string;
  let file: string;

  beforeAll(async () => {
    const undo: (() => void | Promise<void>)[] = [];
    const atEnd = (step: () => void | Promise<void>) => undo.unshift(step);
    folder = temporaryFolder(atEnd);
    file = join(folder, 'backup.db');
    const collector = await start({}, atEnd);
    await send(collector, 400);
    await takeBackup(collector, file, false);
    await takeBackup(collector, join(folder, 'bare.db'), true);
    await erase(collector, await send(collector, 2));
    await collector.close();
    copyFileSync(join(collector.data, 'pepper'), join(folder, 'pepper'));
    return async () => {
      for (const step of undo) await step();
    };
  });

  const inCopy = (harm: (file: string, folder: string) => void): string => {
    const copy = temporaryFolder();
    for (const name of ['backup.db', 'erasures', 'bare.db', 'pepper']) {
      copyFileSync(join(folder, name), join(copy, name));
    }
    harm(join(copy, 'backup.db'), copy);
    return copy;
  };
  const cutErasures = (copy: string, end: number): void => {
    const path = join(copy, 'erasures');
    writeFileSync(path, readFileSync(path).subarray(0, end));
  };
  const flip = (path: string, share: number): void => {
    const bytes = readFileSync(path);
    const at = Math.floor(bytes.length * share);
    bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
    writeFileSync(path, bytes);
  };

  it.each<[string, (file: string, folder: string) => void, RegExp]>([
    ['it is not there', (path) => rmSync(path), /There is no file/],
    ['it is a text', (path) => writeFileSync(path, 'text'), /is no backup of a collector/],
    ['it is empty', (path) => truncateSync(path, 0), /is no backup of a collector/],
    [
      'it is cut off',
      (path) => truncateSync(path, statSync(path).size - 4096),
      /is no backup of a collector, or is cut off/,
    ],
    ['a bit of its first page is flipped', (path) => flip(path, 0.001), /is damaged/],
    ['a bit in its middle is flipped', (path) => flip(path, 0.5), /is damaged/],
    ['something was appended', (path) => appendFileSync(path, 'x'), /is no backup|is damaged/],
    [
      'erasures are missing',
      (_path, copy) => rmSync(join(copy, 'erasures')),
      /erasures is missing.*--without-erasures/s,
    ],
    [
      'erasures are damaged',
      (_path, copy) => flip(join(copy, 'erasures'), 0.6),
      /erasures is damaged.*--without-erasures/s,
    ],
    [
      'erasures are empty',
      (_path, copy) => truncateSync(join(copy, 'erasures'), 0),
      /erasures is damaged.*--without-erasures/s,
    ],
    [
      'the last erasure is cut off within its line',
      (_path, copy) => cutErasures(copy, -30),
      /erasures is cut off.*--without-erasures/s,
    ],
    [
      'the last erasures are cut off',
      (_path, copy) => {
        const text = readFileSync(join(copy, 'erasures'), 'utf8');
        cutErasures(copy, text.trimEnd().lastIndexOf('\n') + 1);
      },
      /erasures is cut off.*--without-erasures/s,
    ],
    [
      'erasures are a later file',
      (_path, copy) =>
        writeFileSync(
          join(copy, 'erasures'),
          readFileSync(join(copy, 'erasures'), 'utf8').replace(/"base":"\w+"/, '"base":"00"'),
        ),
      /erasures.*--without-erasures/s,
    ],
  ])('is refused in words, and nothing is changed: %s', async (_name, harm, words) => {
    const copy = inCopy(harm);
    const data = temporaryFolder();
    writeFileSync(join(data, 'projects.json'), 'mine');
    const { code, stderr } = await run(
      ...['restore', join(copy, 'backup.db'), '--data', data, '--replace'],
    );
    expect(code).toBe(1);
    expect(stderr).toMatch(words);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(readFileSync(join(data, 'projects.json'), 'utf8')).toBe('mine');
    expect(readdirSync(data).filter((name) => !name.startsWith('lock'))).toEqual(['projects.json']);
  });

  it('is restored without erasures if the operator says so, and without its pepper if it is given', async () => {
    const copy = inCopy((_path, where) => rmSync(join(where, 'erasures')));
    const data = join(temporaryFolder(), 'new');
    const args = ['restore', join(copy, 'bare.db'), '--data', data, '--without-erasures'];
    const refused = await run(...args);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(/without the pepper.*--pepper/s);
    expect(await run(...args, '--pepper', join(copy, 'pepper'))).toMatchObject({ code: 0 });
    const collector = await start({ data });
    expect(await totals(collector)).toEqual([400, 400]);
  });

  it('ignores the end of an erasure that was cut off while it was written', async () => {
    const copy = inCopy((_path, where) => appendFileSync(join(where, 'erasures'), '0123456789abc'));
    const data = join(temporaryFolder(), 'new');
    expect((await run('restore', join(copy, 'backup.db'), '--data', data)).code).toBe(0);
  });
});

describe('the commands', () => {
  it('leave a running collector and a folder with data alone', async () => {
    const collector = await start();
    await send(collector, 3);
    const folder = temporaryFolder();
    const file = join(folder, 'backup.db');
    expect((await run('backup', file, '--data', collector.data)).code).toBe(0);
    const running = await run('restore', file, '--data', collector.data, '--replace');
    expect(running.code).toBe(1);
    expect(running.stderr).toContain('Another collector uses');
    await collector.close();
    const full = await run('restore', file, '--data', collector.data);
    expect(full.code).toBe(1);
    expect(full.stderr).toMatch(/is not empty.*--replace/s);
    const replaced = await run('restore', file, '--data', collector.data, '--replace');
    expect(replaced.code).toBe(0);
    const aside = /What was there is in (\S+)\./.exec(replaced.stdout)?.[1] ?? '';
    expect(readdirSync(aside)).toEqual(expect.arrayContaining(['counts.db', 'pepper']));
    rmSync(aside, { recursive: true });
  });

  it.each<[string, (folder: string, data: string) => string[], RegExp]>([
    ['no file', () => ['backup'], /Name one file/],
    ['two files', (folder) => ['backup', join(folder, 'a'), join(folder, 'b')], /Name one file/],
    ['an option that is none', (folder) => ['backup', join(folder, 'a'), '--fast'], /--fast/],
    [
      'a folder in one that is not there',
      (folder) => ['backup', join(folder, 'x', 'y', 'a')],
      /There is no folder .*Make it: mkdir -p \S+x\/y/,
    ],
    [
      'a file in the data folder',
      (_folder, data) => ['backup', join(data, 'a')],
      /lies in the data/,
    ],
    ['restore without a file', () => ['restore'], /Name one backup/],
    [
      'both a file and none',
      (folder) => ['restore', join(folder, 'a'), '--without-backup'],
      /Name one backup/,
    ],
    [
      'a file that is something else',
      (folder) => {
        writeFileSync(join(folder, 'letter.txt'), 'Dear operator, '.repeat(20));
        return ['backup', join(folder, 'letter.txt')];
      },
      /letter\.txt exists and is no backup/,
    ],
  ])('say what is wrong: %s', async (_name, toArgs, words) => {
    const collector = await start();
    const folder = temporaryFolder();
    const result = await run(...toArgs(folder, collector.data), '--data', collector.data);
    expect(result.code).toBe(1);
    expect(result.stderr).toMatch(words);
    expect(result.stderr).not.toMatch(/^\s+at /m);
  });

  it('refuse a folder without counts, and one that another collector backs up to', async () => {
    const none = await run('backup', join(temporaryFolder(), 'a'), '--data', temporaryFolder());
    expect(none.code).toBe(1);
    expect(none.stderr).toContain('There are no counts');
    const folder = temporaryFolder();
    const [one, other] = [await start(), await start()];
    expect((await run('backup', join(folder, 'a.db'), '--data', one.data)).code).toBe(0);
    const second = await run('backup', join(folder, 'b.db'), '--data', other.data);
    expect(second.code).toBe(1);
    expect(second.stderr).toMatch(/belongs to another collector/);
  });

  it('count what a journal holds when there is no backup', async () => {
    const first = await start();
    await send(first, 12);
    await first.close();
    removeFiles('counts.db', first.data);
    const restored = await run('restore', '--without-backup', '--replace', '--data', first.data);
    expect(restored).toMatchObject({ code: 0 });
    expect(restored.stdout).toContain('12 acknowledged entries are lost');
    const second = await start({ data: first.data, now: () => new Date() });
    expect(await losses(second)).toEqual([12, 0]);
    await send(second, 3);
    expect(await totals(second)).toEqual([3, 3]);
  });

  it('finish a restore that was cut off between its two moves', async () => {
    const first = await start();
    await send(first, 5);
    const file = join(temporaryFolder(), 'backup.db');
    await run('backup', file, '--data', first.data);
    await send(first, 5);
    await first.close();
    await run('restore', file, '--data', first.data, '--replace');
    // As if the process had been killed after it had moved one of the new files.
    const moving = join(first.data, 'restore.moving');
    mkdirSync(moving);
    for (const name of ['journal.db', 'pepper', 'erasures']) {
      renameSync(join(first.data, name), join(moving, name));
    }
    const second = await start({ data: first.data, now: () => new Date() });
    expect(await totals(second)).toEqual([5, 5]);
    expect(existsSync(moving)).toBe(false);
    rmSync(
      readdirSync(join(first.data, '..'))
        .filter(
          (name) =>
            name.includes('.before-restore-') && first.data.endsWith(name.split('.')[0] ?? ' '),
        )
        .map((name) => join(first.data, '..', name))[0] ?? join(first.data, 'none'),
      { recursive: true, force: true },
    );
  });
});
