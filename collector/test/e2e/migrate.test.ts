import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openWriter } from '../../src/sqlite/database.js';
import { answersOf } from '../support/answers.js';
import { ANSWERS_V2, createCountsV2 } from '../support/counts-v2.js';
import { post } from '../support/load.js';
import { fullReport } from '../support/reports.js';
import { startProcess } from '../support/start-process.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const snapshotsIn = (data: string): string[] =>
  readdirSync(data).filter((name) => name.includes('.before-'));

/** Every file of a folder but those in which SQLite's readers leave marks. */
const filesOf = (data: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(data)
      .filter((name) => !name.endsWith('-shm'))
      .map((name) => [name, readFileSync(join(data, name), 'latin1')]),
  );

/** What it says a change did, without how long it took. */
const facts = (stdout: string): string[] =>
  stdout.split('\n').filter((line) => / rows to |^counts\.db: schema/.test(line));

async function run(...args: string[]) {
  const { ended, stdout, stderr } = await startProcess(args);
  return { code: await ended, stdout: stdout(), stderr: stderr() };
}

describe('counts of the release before', () => {
  it('are brought up to date by a start, after a snapshot, and answer as they did', async () => {
    const data = temporaryFolder();
    const path = createCountsV2(data);
    const { child, url, ended, stdout } = await startProcess(['--port', '0', '--data', data]);
    const address = await url();
    const stats = (await (await fetch(`${address}/stats`)).json()) as object;
    expect(stats).toMatchObject({ total_users: 14, ci_users: 1, total_reports: 34 });
    expect(await post(`${address}/v1/reports`, fullReport())).toBe(202);
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
    expect(stdout()).toContain('"msg":"schema changed"');
    const [snapshot = ''] = snapshotsIn(data);
    expect(snapshot).toMatch(/^counts\.db\.before-\d+-\d{8}T\d{9}Z$/);
    expect(snapshotsIn(data)).toHaveLength(1);

    const next = await run('migrate', '--data', data);
    expect(next).toMatchObject({ code: 0, stderr: '' });
    expect(next.stdout).toMatch(/^journal\.db: nothing to do.*\ncounts\.db: nothing to do/);
    const counted = await answersOf(path, ANSWERS_V2);
    expect(counted['']?.total_users).toBe(15);
    expect({ ...counted['@acme/lib'] }).toEqual(ANSWERS_V2['@acme/lib']);
  });

  it('are brought up to date by the command, as it was rehearsed', async () => {
    const data = temporaryFolder();
    const path = createCountsV2(data);
    const before = filesOf(data);
    const rehearsed = await run('migrate', '--rehearse', '--data', data);
    expect(rehearsed).toMatchObject({ code: 0, stderr: '' });
    expect(rehearsed.stdout).toMatch(/took \d+\.\d s; \d+\.\d MB before, \d+\.\d MB after/);
    expect(rehearsed.stdout).toContain(`Nothing in ${data} was changed.`);
    expect(filesOf(data)).toEqual(before);

    const real = await run('migrate', '--data', data);
    expect(real).toMatchObject({ code: 0, stderr: '' });
    expect(facts(real.stdout).length).toBeGreaterThan(10);
    expect(facts(real.stdout)).toEqual(facts(rehearsed.stdout));
    expect(real.stdout).toContain(join(data, snapshotsIn(data)[0] ?? 'none'));
    expect(await answersOf(path, ANSWERS_V2)).toEqual(ANSWERS_V2);
  });

  it('are rehearsed while another process writes them, which is not held up', async () => {
    const data = temporaryFolder();
    const path = createCountsV2(data);
    const db = openWriter(path, { walPages: 1000 });
    onTestFinished(() => db.close());
    db.exec(`BEGIN IMMEDIATE; UPDATE projects SET slug = 'renamed' WHERE id = 2`);
    db.exec('COMMIT; BEGIN IMMEDIATE; DELETE FROM users');
    const before = filesOf(data);
    const { code, stdout } = await run('migrate', '--rehearse', '--data', data);
    expect(code).toBe(0);
    expect(stdout).toMatch(/users: 15 rows to 15/);
    expect(filesOf(data)).toEqual(before);
    db.exec('ROLLBACK');
  });

  it('are left to the collector that has them', async () => {
    const data = temporaryFolder();
    const collector = await startProcess(['--port', '0', '--data', data]);
    await collector.url();
    const real = await run('migrate', '--data', data);
    expect(real.code).toBe(1);
    expect(real.stderr).toContain(`Another collector uses ${data}`);
    const rehearsed = await run('migrate', '--rehearse', '--data', data);
    expect(rehearsed).toMatchObject({ code: 0, stderr: '' });
    expect(rehearsed.stdout).toMatch(/counts\.db: nothing to do/);
  });
});

describe('counts that this release must not touch', () => {
  it.each<[string, string, RegExp]>([
    [
      'of a newer release',
      `WITH RECURSIVE n(version) AS (SELECT 3 UNION ALL SELECT version + 1 FROM n WHERE version < 99)
       INSERT INTO schema_migrations(version, applied_at) SELECT version, 1 FROM n`,
      /counts\.db has schema 99, made by a newer release.*Run that release again/s,
    ],
    [
      'of another build',
      `ALTER TABLE schema_migrations ADD COLUMN checksum TEXT;
       UPDATE schema_migrations SET checksum = 'x' WHERE version = 2`,
      /made by another build: its migration 2 .*Run the build that made it/s,
    ],
  ])('are left as they are, and it is said what to do: %s', async (_name, sql, message) => {
    const data = temporaryFolder();
    const path = createCountsV2(data);
    const db = openWriter(path, { walPages: 1000 });
    db.exec(sql);
    db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    db.close();
    const before = readFileSync(path, 'latin1');
    for (const args of [['--port', '0'], ['migrate'], ['migrate', '--rehearse']]) {
      const { code, stderr } = await run(...args, '--data', data);
      expect(code).toBe(1);
      expect(stderr).toMatch(message);
      expect(stderr).toContain(data);
      expect(stderr).not.toMatch(/^\s+at /m);
    }
    expect(readFileSync(path, 'latin1')).toBe(before);
    expect(snapshotsIn(data)).toEqual([]);
  });

  it('are those that are not there', async () => {
    const data = join(temporaryFolder(), 'none');
    const { code, stderr } = await run('migrate', '--data', data);
    expect(code).toBe(1);
    expect(stderr).toMatch(/There are no counts in .*--data/);
    mkdirSync(data);
    expect((await run('migrate', '--rehearse', '--data', data)).code).toBe(1);
  });
});
