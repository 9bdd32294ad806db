import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startNamespace } from '../../../test/support/namespace.js';
import { withToken } from '../support/admin-token.js';
import { ask } from '../support/ask-counts.js';
import { expectEnd, getTimes, logHealth, namedPipe, startInto } from '../support/lost-log.js';
import { postFor } from '../support/post-answer.js';
import { fullReport, reportId } from '../support/reports.js';
import { startProcess } from '../support/start-process.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { until } from '../support/until.js';

/** A line takes some 150 bytes, the pipe 64 kB, and the collector keeps 1 MiB. */
const LINES_FOR_A_FULL_BUFFER = 12_000;

const TMPFS = 'mount -t tmpfs -o size=24m,mode=700 tmpfs "$1"';

const linesOf = (log: string): Record<string, unknown>[] =>
  log
    .trim()
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Record<string, unknown>);

describe('a log that cannot be written', () => {
  it('because nobody reads its pipe waits for no reader, and tells what is lost', async () => {
    const { path, read } = namedPipe();
    const collector = await startInto(`> ${path}`);
    const { address: url } = collector;
    await getTimes(`${url}/livez`, LINES_FOR_A_FULL_BUFFER);
    const health = await logHealth(url);
    expect(health).toMatchObject({ state: 'warning' });
    expect(health.reason).toContain('has stopped reading');
    let log = '';
    await until('the log tells what was lost', async () => {
      log += read();
      await fetch(`${url}/livez`);
      return log.includes('"dropped_lines"') && (await logHealth(url)).state === 'ok';
    });
    await expectEnd(collector);
    log += read();
    const lines = linesOf(log);
    const told = lines.reduce((sum, line) => sum + Number(line['dropped_lines'] ?? 0), 0);
    expect(told).toBeGreaterThanOrEqual(health.dropped_lines);
    const livez = lines.filter(({ route }) => route === '/livez').length;
    expect(livez + told).toBeGreaterThanOrEqual(LINES_FOR_A_FULL_BUFFER);
  });

  it('on the full disk of the data: 507, answers, an end in time, and all again with room', async () => {
    const data = temporaryFolder();
    const { wrapper, path } = await startNamespace(TMPFS, data);
    const intoLog = [...wrapper, 'bash', '-c', `exec "$@" >> ${data}/log`, 'bash'];
    const args = ['--port', '0', '--data', data];
    const first = await startProcess(args, {}, { wrapper: intoLog });
    const url = await first.url();
    let acknowledged = 0;
    const sendUntil = async (end: number): Promise<void> => {
      for (let status = 0; status !== end;) {
        const reports = Array.from({ length: 100 }, () => fullReport({ anonymous_id: reportId() }));
        ({ status } = await postFor(`${url}/v1/reports`, { reports }));
        if (status === 202) acknowledged += reports.length;
      }
    };
    const fill = (): void => {
      const target = path(join(data, 'fill'));
      execFileSync('sh', ['-c', `dd if=/dev/zero of="${target}" bs=4k 2>/dev/null || true`]);
    };
    const health = async () => {
      const answer = await fetch(`${url}/health`, { headers: withToken() });
      const body = (await answer.json()) as {
        warnings: { log: { state: string; dropped_lines: number } };
      };
      return { code: answer.status, ...body };
    };
    await sendUntil(202);
    fill();
    await sendUntil(507);
    await until('the log is lost', async () => (await health()).warnings.log.dropped_lines > 20);
    expect((await fetch(`${url}/livez`)).status).toBe(200);
    expect((await health()).code).toBe(503);
    await sendUntil(507);
    rmSync(path(join(data, 'fill')));
    await sendUntil(202);
    await until('all is well', async () => (await health()).code === 200);
    await until('the log goes on', async () => (await health()).warnings.log.state === 'ok');
    await until('everything is counted', async () => {
      return (await ask(url)).total_reports >= acknowledged;
    });
    expect((await ask(url)).total_reports).toBe(acknowledged);
    const lines = linesOf(readFileSync(path(join(data, 'log')), 'utf8'));
    expect(lines.some((line) => Number(line['dropped_lines']) > 20)).toBe(true);

    fill();
    await sendUntil(507);
    const begin = performance.now();
    first.child.kill('SIGTERM');
    await first.ended;
    expect(performance.now() - begin).toBeLessThan(12_000);
    rmSync(path(join(data, 'fill')));
    const again = await startProcess(args, {}, { wrapper: intoLog });
    await until('it has caught up', async () => {
      return (await ask(await again.url())).total_reports >= acknowledged;
    });
    expect((await ask(await again.url())).total_reports).toBe(acknowledged);
    await expectEnd(again);
  });
});
