import { describe, expect, it } from 'vitest';
import { post } from '../support/load.js';
import { fullReport } from '../support/reports.js';
import { startProcess, type CollectorProcess } from '../support/start-process.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { until } from '../support/until.js';

/** script(1) runs a command in a terminal of its own, and prints what it shows. */
const IN_TERMINAL = ['sh', '-c', 'exec script -qefc "$*" /dev/null', 'sh'];

const send = async (collector: CollectorProcess, project: string): Promise<void> => {
  const report = fullReport({ project, timestamp: new Date().toISOString() });
  expect(await post(`${await collector.url()}/v1/reports`, report)).toBe(202);
};

const logged = (collector: CollectorProcess): unknown[] =>
  collector
    .stdout()
    .split('\n')
    .filter((line) => line.includes('"first report"'))
    .map((line) => (JSON.parse(line) as { project: unknown }).project);

describe('the first report of a project', () => {
  it('is logged, once in the life of a data folder', async () => {
    const args = ['serve', '--port', '0', '--data', temporaryFolder()];
    const first = await startProcess(args);
    for (const project of ['acme-cli', 'acme-cli', 'other', 'acme-cli']) await send(first, project);
    await until('both are logged', () => logged(first).length >= 2);
    first.child.kill('SIGTERM');
    expect(await first.ended).toBe(0);
    expect(logged(first)).toEqual(['acme-cli', 'other']);
    // In no terminal, people read no lines of their own.
    expect(first.stderr()).not.toContain('first report');

    const second = await startProcess(args);
    for (const project of ['acme-cli', 'third']) await send(second, project);
    await until('it is logged', () => logged(second).length >= 1);
    second.child.kill('SIGTERM');
    await second.ended;
    expect(logged(second)).toEqual(['third']);
  });

  it.runIf(process.platform === 'linux')('is told in a terminal, in plain text', async () => {
    const args = ['serve', '--port', '0', '--data', temporaryFolder()];
    const terminal = await startProcess(args, {}, { wrapper: IN_TERMINAL });
    await send(terminal, 'acme-cli');
    await send(terminal, 'acme-cli');
    await send(terminal, 'evil\u001b]0;title\u0007');
    await until('both are told', () => terminal.stdout().includes('first report from evil'));
    const told = terminal.stdout().match(/^first report from .*$/gm);
    expect(told?.map((line) => line.trim())).toEqual([
      'first report from acme-cli',
      'first report from evil\uFFFD]0;title\uFFFD',
    ]);
  });
});
