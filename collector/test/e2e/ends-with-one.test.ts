import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { expect, it, onTestFinished } from 'vitest';
import { CLI } from '../support/built.js';
import { post } from '../support/load.js';
import { fullReport } from '../support/reports.js';
import { startProcess } from '../support/start-process.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { until } from '../support/until.js';

/** What `NODE_OPTIONS` must be so that the main thread does this on SIGUSR2, as by a mistake of ours. */
function doOnSignal(code: string): string {
  const script = `import { isMainThread } from 'node:worker_threads';
    if (isMainThread) process.on('SIGUSR2', () => { ${code} });`;
  return `--import=data:text/javascript,${encodeURIComponent(script)}`;
}

const MISTAKES = [
  ['an error that nothing catches', `throw new Error('a mistake')`],
  ['a rejection that nothing catches', `Promise.reject(new Error('a mistake'))`],
  ['an error in a timer', `setTimeout(() => { throw new Error('a mistake'); }, 1)`],
] as const;

it.each(MISTAKES)('ends with 1 after %s, and says why', async (_name, code) => {
  const args = ['--port', '0', '--no-announce', '--no-metrics', '--data', temporaryFolder()];
  const collector = await startProcess(args, { NODE_OPTIONS: doOnSignal(code) });
  const url = await collector.url();
  const report = fullReport({ timestamp: new Date().toISOString() });
  expect(await post(`${url}/v1/reports`, report)).toBe(202);
  collector.child.kill('SIGUSR2');
  expect(await collector.ended).toBe(1);
  expect(collector.stderr()).toContain('a mistake');
});

it('is started again by a supervisor, with all that it has acknowledged', async () => {
  const data = temporaryFolder();
  const home = temporaryFolder();
  const address = (): string => {
    try {
      const file = JSON.parse(readFileSync(`${data}/collector.json`, 'utf8')) as { url: string };
      return file.url;
    } catch {
      return ''; // it does not listen yet
    }
  };
  // What compose and systemd do: they start again what has ended.
  const loop = `while true; do "$0" "$1" --port 0 --no-announce --no-metrics --data "$2"; sleep 0.1; done`;
  const supervisor = spawn('sh', ['-c', loop, process.execPath, CLI, data], {
    ...{ detached: true, stdio: 'ignore' },
    env: {
      ...{ PATH: process.env['PATH'] ?? '', HOME: home },
      NODE_OPTIONS: doOnSignal(MISTAKES[0][1]),
    },
  });
  const ended = once(supervisor, 'close');
  onTestFinished(async () => {
    process.kill(-(supervisor.pid ?? 0), 'SIGKILL');
    await ended;
  });
  const people = async (): Promise<number> => {
    try {
      const body = (await (await fetch(`${address()}/stats`)).json()) as { total_users: number };
      return body.total_users;
    } catch {
      return -1; // it is being started
    }
  };
  for (let n = 1; n <= 3; n++) {
    await until('it answers', async () => (await people()) >= 0);
    const report = fullReport({
      ...{ anonymous_id: `user-${n}`, timestamp: new Date().toISOString() },
    });
    const { status } = await fetch(`${address()}/v1/reports`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(report),
    });
    expect(status).toBe(202);
    const holder = readFileSync(`${data}/lock.holder`, 'utf8');
    process.kill(Number(/process (\d+)/.exec(holder)?.[1]), 'SIGUSR2');
    await until('another process holds the folder', () => {
      const next = readFileSync(`${data}/lock.holder`, 'utf8');
      return next !== holder;
    });
  }
  await until('all are counted', async () => (await people()) === 3);
});
