import type { Report } from 'headcount/wire';
import { describe, expect, it } from 'vitest';
import { dieOnSignal, THREADS } from '../support/die.js';
import { post, startLoad } from '../support/load.js';
import { startProcess } from '../support/start-process.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { until } from '../support/until.js';

interface Stats {
  readonly total_users: number;
  readonly total_reports: number;
}

const MANY = 200;

async function ask(url: string): Promise<Stats> {
  const response = await fetch(`${url}/stats`);
  const { total_users, total_reports } = (await response.json()) as Stats;
  return { total_users, total_reports };
}

describe('what was acknowledged', () => {
  it('is counted after SIGTERM under load, which ends cleanly', async () => {
    const args = ['--port', '0', '--log-level', 'warn', '--data', temporaryFolder()];
    const first = await startProcess(args);
    const load = startLoad(await first.url());
    await until('there is load', () => load.acknowledged.length > MANY);
    first.child.kill('SIGTERM');
    expect(await first.ended).toBe(0);
    await load.ended;
    // No request in flight was cut off; a connection that was idle may have been.
    const second = await startProcess(args);
    const url = await second.url();
    await until('everything is counted', async () => {
      return (await ask(url)).total_reports >= load.acknowledged.length;
    });
    expect((await ask(url)).total_reports).toBeLessThanOrEqual(
      load.acknowledged.length + load.unanswered.length,
    );
  });

  it.each(THREADS)('is counted after a thread has died, which ends it with 1: %s', async (name) => {
    const args = ['--port', '0', '--log-level', 'warn', '--data', temporaryFolder()];
    const first = await startProcess(args, { NODE_OPTIONS: dieOnSignal(name) });
    const load = startLoad(await first.url());
    await until('there is load', () => load.acknowledged.length > MANY);
    first.child.kill('SIGUSR2');
    expect(await first.ended).toBe(1);
    await load.ended;
    expect(first.stderr()).toContain(`The thread ${name} has ended.`);
    expect(first.stderr()).not.toMatch(/^\s+at /m);
    expect(first.stdout()).toContain('"level":"fatal"');

    const url = await (await startProcess(args)).url();
    await until('everything is counted', async () => {
      return (await ask(url)).total_reports >= load.acknowledged.length;
    });
    // A report that was refused as the thread died may be on disk all the same.
    expect((await ask(url)).total_reports).toBeLessThanOrEqual(
      load.acknowledged.length + load.unanswered.length + load.refused.length,
    );
    for (const report of [...load.unanswered, ...load.refused]) {
      await post(`${url}/v1/reports`, report);
    }
    const total = load.acknowledged.length + load.unanswered.length + load.refused.length;
    expect(await ask(url)).toEqual({ total_reports: total, total_users: total });
  });

  it('is counted after kill -9 under load, exactly once, however often it is sent again', async () => {
    const args = ['--port', '0', '--log-level', 'warn', '--data', temporaryFolder()];
    const acknowledged: Report[] = [];
    const unanswered: Report[] = [];
    for (let round = 0; round < 2; round++) {
      const killed = await startProcess(args);
      const load = startLoad(await killed.url());
      await until('there is load', () => load.acknowledged.length > MANY);
      killed.child.kill('SIGKILL');
      expect(await killed.ended).toBe('SIGKILL');
      await load.ended;
      acknowledged.push(...load.acknowledged);
      unanswered.push(...load.unanswered);
    }
    const url = await (await startProcess(args)).url();
    await until('everything is counted', async () => {
      return (await ask(url)).total_reports >= acknowledged.length;
    });
    const before = await ask(url);
    expect(before.total_reports).toBeLessThanOrEqual(acknowledged.length + unanswered.length);
    expect(before.total_users).toBe(before.total_reports);

    for (let start = 0; start < acknowledged.length; start += 500) {
      const reports = acknowledged.slice(start, start + 500);
      expect(await post(`${url}/v1/reports`, { reports })).toBe(202);
    }
    expect(await ask(url)).toEqual(before);
    // Once they are sent again, those without an answer are certain too.
    for (const report of unanswered) await post(`${url}/v1/reports`, report);
    const total = acknowledged.length + unanswered.length;
    expect(await ask(url)).toEqual({ total_reports: total, total_users: total });
  });
});
