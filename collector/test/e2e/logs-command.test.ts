import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  mkdirSync,
  renameSync,
  rmdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startProcess } from '../support/start-process.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { until } from '../support/until.js';

async function run(...args: string[]) {
  const command = await startProcess(['logs', ...args]);
  return { code: await command.ended, out: command.stdout(), err: command.stderr() };
}

const lineAt = (time: string, level: string, msg: string): string =>
  `${JSON.stringify({ level, time, source: 'jobs', msg })}\n`;

function dataFolder(): { data: string; logs: string } {
  const data = temporaryFolder();
  const logs = join(data, 'logs');
  mkdirSync(logs);
  const recent = (ms: number): string => new Date(Date.now() - ms).toISOString();
  writeFileSync(
    join(logs, 'access-2026-11-27.ndjson'),
    lineAt('2020-01-01T00:00:00.000Z', 'info', 'old') + lineAt(recent(3000), 'info', 'one'),
  );
  writeFileSync(join(logs, 'error-2026-11-27.ndjson'), lineAt(recent(2000), 'error', 'two 2'));
  return { data, logs };
}

describe('headcount-collector logs', () => {
  it('prints what is in the data folder as NDJSON on a pipe, and a report', async () => {
    const { data } = dataFolder();
    const said = (out: string): unknown[] =>
      out
        .trimEnd()
        .split('\n')
        .map((line) => (JSON.parse(line) as { message: string }).message);
    const all = await run('--data', data);
    expect([all.code, said(all.out)]).toEqual([0, ['old', 'one', 'two 2']]);
    expect(said((await run('--data', data, '--since', '1h')).out)).toEqual(['one', 'two 2']);
    expect(said((await run('--data', data, '--level', 'error')).out)).toEqual(['two 2']);
    const report = await run('report', '--data', data);
    expect(report.out).toMatch(/^2 lines, from .*: errors: 1, warnings: 0\n/);
    expect(report.out).toContain('new jobs: two <n>');
  });

  it('follows a file that comes later, through a rotation', async () => {
    const file = join(temporaryFolder(), 'app.log');
    const command = await startProcess(['logs', '--follow', '--json', '--file', file]);
    await until('it waits', () => command.stderr().includes('is waited for'));
    writeFileSync(file, '2026-11-28 12:00:00.123 | ERROR | a:b:1 - first\nTraceback\n');
    await until('it is complete', () => command.stdout().includes('first\\nTraceback'));
    appendFileSync(file, '2026-11-28 12:00:01.123 | INFO | a:b:2 - second\n');
    renameSync(file, `${file}.1`);
    writeFileSync(file, '{"level":50,"msg":"third \\u001b[2J"}\n');
    await until('the next file is read', () => command.stdout().includes('third'));
    expect(command.stdout().split('\n')).toHaveLength(4);
    expect(command.stdout()).not.toContain('\u001B');
    command.child.kill('SIGTERM');
    expect(await command.ended).toBe('SIGTERM');
  });

  it('prints a file to its last line, though that has no end, and reports on it', async () => {
    const file = join(temporaryFolder(), 'app.log');
    writeFileSync(file, 'first\n2026-11-28 12:00:00.123 | ERROR | a:b:1 - last\nTraceback');
    const { code, out } = await run('--file', file);
    expect([code, out.split('\n')]).toEqual([
      0,
      [expect.stringContaining('"first"'), expect.stringContaining('"last\\nTraceback"'), ''],
    ]);
    expect((await run('report', '--file', file)).out).toMatch(/^2 lines, .*: errors: 1/);
    const link = `${file}.link`;
    symlinkSync(file, link);
    expect((await run('--file', link, '--lines', '1')).out).toBe(out.split('\n')[1] + '\n');
  });

  it('prints what comes through a pipe', async () => {
    const pipe = join(temporaryFolder(), 'pipe');
    execFileSync('mkfifo', [pipe]);
    const command = await startProcess(['logs', '--file', pipe]);
    writeFileSync(pipe, '{"level":50,"msg":"first"}\nsecond');
    expect(await command.ended).toBe(0);
    expect(command.stdout().match(/"message":"\w+"/g)).toEqual([
      '"message":"first"',
      '"message":"second"',
    ]);
  });

  it('says why a file cannot be read, and waits for one that it could read before', async () => {
    const folder = temporaryFolder();
    const { code, out, err } = await run('--file', folder);
    expect([code, out]).toEqual([1, '']);
    expect(err).toMatch(/cannot be used: it is a folder. Name a file \(EISDIR\)\.\n$/);
    const file = join(folder, 'app.log');
    writeFileSync(file, 'first\n');
    const command = await startProcess(['logs', '--follow', '--file', file]);
    await until('it is read', () => command.stdout().includes('first'));
    rmSync(file);
    mkdirSync(file);
    await until('it is told', () => command.stderr().includes('cannot be read any more (EISDIR)'));
    rmdirSync(file);
    writeFileSync(file, 'second\n');
    await until('it is read again', () => command.stdout().includes('second'));
    command.child.kill('SIGTERM');
    await command.ended;
  });

  it.each([
    [['--level', 'loud'], '--level must be one of'],
    [['--since', 'yesterday'], '--since must be a time'],
    [['--lines', '0'], '--lines must be'],
    [['--file', '/nonexistent/app.log'], 'With --follow it is waited for'],
    [['reports'], 'logs takes no argument but report'],
    [['report', '--follow'], 'leave --follow and --lines out'],
    [['--data', 'no/such/folder'], 'no/such/folder. Choose it with --data'],
  ])('says what is wrong: %j', async (args, message) => {
    const { code, out, err } = await run(...args);
    expect([code, out, err]).toEqual([1, '', expect.stringContaining(message)]);
  });
});
