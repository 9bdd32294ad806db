import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fullReport } from '../support/reports.js';
import { startCollector } from '../support/start-collector.js';
import { startProcess } from '../support/start-process.js';
import { temporaryFolder } from '../support/temporary-folder.js';

/** A data folder with one report, which no collector uses. */
async function fill(): Promise<string> {
  const collector = await startCollector();
  await collector.post('/v1/reports', fullReport());
  await collector.close();
  return collector.data;
}

const run = async (args: readonly string[], redirect?: string) => {
  const options =
    redirect === undefined ? {} : { wrapper: ['bash', '-c', `exec "$@" ${redirect}`, 'bash'] };
  const { ended, stdout, stderr } = await startProcess(args, {}, options);
  return { code: await ended, stdout: stdout(), stderr: stderr() };
};

describe('a path that a command cannot use', () => {
  it('is named in words, with what to do, and ends it with 1', async () => {
    const data = await fill();
    const file = join(temporaryFolder(), 'file');
    writeFileSync(file, 'not of ours');
    const bad = ['/proc/x/y', join(file, 'below'), 'a'.repeat(300)];
    const cases = bad.flatMap((path) => [
      ['export', '--data', data, '--out', path],
      ['export', '--data', path],
      ['backup', path, '--data', data],
      ['backup', join(temporaryFolder(), 'b.db'), '--data', path],
      ['restore', path, '--data', join(temporaryFolder(), 'new')],
      ['retention', '--dry-run', '--data', path],
      ['migrate', '--rehearse', '--data', path],
      ['token', 'list', '--data', path],
    ]);
    const wrong: string[] = [];
    await inTurns(cases, 4, async (args) => {
      const { code, stdout, stderr } = await run(args);
      const isExplained = /^headcount-collector: [^\n]*\S{3}[^\n]*\./.test(
        stderr.replace(/^step.*\n/gm, ''),
      );
      const isBare = /^\s+at |Error: E[A-Z]+/m.test(stderr);
      if (code !== 1 || stdout !== '' || !isExplained || isBare) {
        wrong.push(`${args.join(' ')}: ${code} ${stdout} ${stderr}`);
      }
    });
    expect(wrong).toEqual([]);
  }, 60_000);

  it.each([
    [
      'a folder that is missing',
      join(tmpdir(), 'headcount-none', 'x'),
      'there is no such file or folder. Make its folder',
    ],
    ['a file system that makes none', '/proc/x/y', 'there is no such file or folder'],
    ['a folder', '/tmp', 'it is a folder. Name a file'],
    ['a full disk', '/dev/full', 'the disk is full. Make room'],
  ])('is explained by export: %s', async (_what, out, words) => {
    const { code, stderr } = await run(['export', '--data', await fill(), '--out', out]);
    expect([code, stderr]).toEqual([
      1,
      expect.stringContaining(`--out ${out} cannot be written: `),
    ]);
    expect(stderr).toContain(words);
  });
});

describe('a backup and a restore', () => {
  it('name what is in the way, and nothing that only the collector knows', async () => {
    const data = await fill();
    const folder = temporaryFolder();
    for (const name of ['erasures', 'Erasures', 'erasures.damaged-1', 'a.db.draft-1-0a0b0c0d']) {
      const { code, stderr } = await run(['backup', join(folder, name), '--data', data]);
      expect([code, stderr]).toEqual([
        1,
        expect.stringContaining(`${join(folder, name)} is a name that the collector uses`),
      ]);
    }
    expect(readdirSync(folder)).toEqual([]);
    const proc = await run(['backup', '/proc/x.db', '--data', data]);
    expect([proc.code, proc.stderr]).toEqual([
      1,
      expect.stringMatching(/\/proc\/\S+ cannot be used: there is no such .*Nothing was changed/),
    ]);
    expect(proc.stderr).not.toContain('draft');

    await run(['token', 'create', '--level', 'developer', '--data', data]);
    const backup = join(folder, 'monday.db');
    expect((await run(['backup', backup, '--data', data])).code).toBe(0);
    const restored = await run(['restore', backup, '--data', join(folder, 'new')]);
    expect(restored.stdout).toContain('revoke again what was revoked since');
    const again = await run(['restore', backup, '--data', join(folder, 'new'), '--replace']);
    expect([again.code, again.stdout]).toEqual([0, expect.not.stringContaining('revoke again')]);

    rmSync(join(folder, 'erasures'));
    mkdirSync(join(folder, 'erasures'));
    const beside = await run(['restore', backup, '--data', join(folder, 'other')]);
    expect(beside.stderr).toContain('erasures is a folder, not the list of deletions');
    writeFileSync(join(data, 'lock'), 'not a database, but long enough to be read as one');
    const locked = await run(['restore', backup, '--data', data, '--replace']);
    expect([locked.code, locked.stderr]).toEqual([
      1,
      expect.stringContaining(`${join(data, 'lock')} is damaged. It is there to be locked`),
    ]);
  }, 60_000);
});

describe('the project of an export', () => {
  it.each(['ndjson', 'csv'])('is named if there is none, also as %s', async (format) => {
    const args = ['export', '--data', await fill(), '--project', 'nope', '--format', format];
    const { code, stdout, stderr } = await run(args);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain('no counts of the project "nope"');
    expect(stderr).toContain('headcount-collector stats lists the projects');
  });
});

describe('the output of a command', () => {
  it('whose reader has ended ends quietly, and what it does is done', async () => {
    const data = await fill();
    const backup = join(temporaryFolder(), 'b.db');
    for (const args of [
      ['--help'],
      ['export', '--data', data],
      ['token', 'list', '--data', data],
      ['backup', backup, '--data', data],
    ]) {
      const { code, stderr } = await run(args, '> >(exec true)');
      const told = stderr.replace(/^step.*\n/gm, '');
      expect([args[0], code, told]).toEqual([args[0], 0, '']);
    }
    expect(existsSync(backup)).toBe(true);
  });

  it('on a full disk is told, and ends with 1', async () => {
    const data = await fill();
    for (const args of [
      ['--help'],
      ['export', '--data', data],
      ['token', 'list', '--data', data],
    ]) {
      const { code, stderr } = await run(args, '> /dev/full');
      expect([args[0], code]).toEqual([args[0], 1]);
      expect(stderr).toContain('stdout cannot be written: the disk is full');
    }
  });
});

describe('the audit log', () => {
  it('has what commands did to the folder, and nothing that only read a rehearsal', async () => {
    const data = await fill();
    const backup = join(temporaryFolder(), 'monday.db');
    const restored = join(temporaryFolder(), 'restored');
    for (const args of [
      ['token', 'create', '--level', 'developer', '--data', data],
      ['export', '--data', data, '--what', 'days'],
      ['retention', '--data', data],
      ['retention', '--dry-run', '--data', data],
      ['backup', backup, '--data', data],
      ['restore', backup, '--data', restored],
    ]) {
      expect([args[0], (await run(args)).code]).toEqual([args[0], 0]);
    }
    const entriesOf = (folder: string): unknown[] =>
      readFileSync(join(folder, 'audit.ndjson'), 'utf8')
        .trim()
        .split('\n')
        .map((line) => {
          const { token, who, action, target } = JSON.parse(line) as Record<string, unknown>;
          return [token, who, action, action === 'token create' ? '' : target];
        });
    expect(entriesOf(data)).toEqual([
      [null, 'command line', 'token create', ''],
      [null, 'command line', 'export', 'days'],
      [null, 'command line', 'retention', ''],
      [null, 'command line', 'backup', 'monday.db'],
    ]);
    expect(entriesOf(restored).at(-1)).toEqual([null, 'command line', 'restore', 'monday.db']);
  });
});

/** Runs tasks, a few at a time. */
async function inTurns<Task>(
  tasks: readonly Task[],
  atOnce: number,
  work: (task: Task) => Promise<void>,
): Promise<void> {
  for (let from = 0; from < tasks.length; from += atOnce) {
    await Promise.all(tasks.slice(from, from + atOnce).map(work));
  }
}
