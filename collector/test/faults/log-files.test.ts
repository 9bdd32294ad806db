import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startNamespace } from '../../../test/support/namespace.js';
import { withToken } from '../support/admin-token.js';
import { ask } from '../support/ask-counts.js';
import { getTimes, logHealth } from '../support/lost-log.js';
import { post } from '../support/load.js';
import { fullReport, reportId } from '../support/reports.js';
import { startProcess } from '../support/start-process.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { until } from '../support/until.js';

type Line = Record<string, unknown>;

const ARGS = ['--port', '0', '--no-announce', '--no-metrics', '--access-log', 'all', '--data'];

const textsOf = (folder: string, logClass: string): string[] =>
  (existsSync(folder) ? readdirSync(folder) : [])
    .filter((name) => name.startsWith(logClass))
    .sort()
    .map((name) => readFileSync(join(folder, name), 'utf8'));

const linesOf = (folder: string, logClass: string): string[] =>
  textsOf(folder, logClass).flatMap((text) => text.split('\n').filter((line) => line !== ''));

const parse = (line: string): Line => JSON.parse(line) as Line;

function isWhole(line: string): boolean {
  try {
    return typeof parse(line)['msg'] === 'string';
  } catch {
    return false; // torn
  }
}

async function report(url: string, times: number): Promise<void> {
  for (let n = 0; n < times; n++) {
    expect(await post(`${url}/v1/reports`, fullReport({ anonymous_id: reportId() }))).toBe(202);
  }
}

describe('the files of the log', () => {
  it('have whole lines after kill -9, and one torn by a crash is left out', async () => {
    const data = temporaryFolder();
    const folder = join(data, 'logs');
    for (let round = 0; round < 3; round++) {
      const { child, ended, url } = await startProcess([...ARGS, data]);
      const asking = getTimes(`${await url()}/livez`, 100_000).catch(() => undefined);
      await until('it has logged', () => linesOf(folder, 'access').length > 200 * (round + 1));
      child.kill('SIGKILL');
      await Promise.all([ended, asking]);
      // What a write has begun is whole: only a machine that crashes tears a line.
      expect(linesOf(folder, 'access').filter((line) => !isWhole(line))).toEqual([]);
    }
    const name = readdirSync(folder).findLast((one) => one.startsWith('access'));
    const path = join(folder, name ?? '');
    truncateSync(path, readFileSync(path).length - 20);
    const before = linesOf(folder, 'access').length;
    const { child, ended, url } = await startProcess([...ARGS, data]);
    await report(await url(), 1);
    await until('it goes on', () => linesOf(folder, 'access').length > before + 1);
    const lines = linesOf(folder, 'access');
    expect(lines.flatMap((line, at) => (isWhole(line) ? [] : [at]))).toEqual([before - 1]);
    const most = Math.min(1000, lines.filter(isWhole).length);
    const answer = await fetch(`${await url()}/v1/logs?limit=1000`, { headers: withToken() });
    const { logs } = (await answer.json()) as { logs: Line[] };
    expect(logs.length).toBeGreaterThanOrEqual(most);
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
    const printed = await startProcess(['logs', '--data', data, '--lines', '100000']);
    expect(await printed.ended).toBe(0);
    const all = [...linesOf(folder, 'access'), ...linesOf(folder, 'error')].filter(isWhole);
    expect(printed.stdout().trimEnd().split('\n')).toHaveLength(all.length);
  });

  it.each([
    [
      'a full disk of their own',
      'ENOSPC',
      'dd if=/dev/zero of="$1/fill" bs=4k 2>/dev/null || true',
      'rm "$1/fill"',
    ],
    ['a disk that is read-only', 'EROFS', 'mount -t tmpfs -o ro tmpfs "$1"', 'umount "$1"'],
  ])(
    'on %s: 202 all the time, the loss is told and counted, and all is well again',
    async (_what, code, harm, mend) => {
      const data = temporaryFolder();
      const folder = join(data, 'logs');
      const script = 'mkdir -m 700 "$1" && mount -t tmpfs -o size=1m,mode=700 tmpfs "$1"';
      const { wrapper, path } = await startNamespace(script, folder);
      const inside = (command: string): void => {
        const [program = '', ...args] = [...wrapper, 'sh', '-euc', command, 'sh', folder];
        execFileSync(program, args);
      };
      const collector = await startProcess([...ARGS, data], {}, { wrapper });
      const url = await collector.url();
      await report(url, 20);
      await until('it has logged', () => linesOf(path(folder), 'access').length > 20);
      inside(harm);
      let sent = 20;
      await until('the loss is told', async () => {
        await report(url, 10);
        sent += 10;
        return (await logHealth(url)).dropped_lines > 30;
      });
      const told = await logHealth(url);
      expect(told).toMatchObject({ state: 'warning' });
      expect(told.reason).toContain(`${told.dropped_lines} lines of the log could not be written`);
      inside(mend);
      await until('all is well', async () => (await logHealth(url)).state === 'ok');
      await report(url, 5);
      sent += 5;
      collector.child.kill('SIGTERM');
      expect(await collector.ended).toBe(0);
      const files = readdirSync(path(folder));
      const lines = files.flatMap((name) =>
        readFileSync(join(path(folder), name), 'utf8')
          .split('\n')
          .filter((line) => line !== ''),
      );
      expect(lines.filter((line) => !isWhole(line))).toEqual([]);
      const notices = lines.map(parse).filter((line) => line['dropped_lines'] !== undefined);
      expect(notices.every((line) => line['code'] === code)).toBe(true);
      const lost = notices.reduce((sum, line) => sum + Number(line['dropped_lines']), 0);
      // Performance lines are in files only.
      const written = lines.map(parse).filter((line) => line['dropped_lines'] === undefined);
      const inFiles = written.filter((line) => line['msg'] !== 'performance').length;
      const onStdout = collector.stdout().trimEnd().split('\n').length;
      const figures = written.length - inFiles;
      expect(lost + inFiles).toBeGreaterThanOrEqual(onStdout);
      expect(lost + inFiles - onStdout).toBeLessThan(50 + figures);
      const again = await startProcess([...ARGS, data], {}, { wrapper });
      expect((await ask(await again.url())).total_reports).toBe(sent);
      again.child.kill('SIGTERM');
      await again.ended;
    },
  );

  it('come again in a folder that was removed, and a file that was moved is whole', async () => {
    const data = temporaryFolder();
    const folder = join(data, 'logs');
    const collector = await startProcess([...ARGS, data]);
    const url = await collector.url();
    await report(url, 20);
    rmSync(folder, { recursive: true });
    await until('it is there again', async () => {
      await report(url, 1);
      return linesOf(folder, 'access').length > 5;
    });
    expect(linesOf(folder, 'access').every(isWhole)).toBe(true);
    expect((await logHealth(url)).state).toBe('ok');
    collector.child.kill('SIGTERM');
    expect(await collector.ended).toBe(0);
  });
});
