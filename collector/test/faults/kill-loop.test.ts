import type { Report } from 'headcount/wire';
import { expect, it } from 'vitest';
import { ask } from '../support/ask-counts.js';
import { post, startLoad } from '../support/load.js';
import { startProcess } from '../support/start-process.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { until } from '../support/until.js';

const KILLING_MS = 60_000;

it('killed again and again under load for a minute, it has counted what it acknowledged, exactly', async () => {
  const args = ['--port', '0', '--log-level', 'error', '--data', temporaryFolder()];
  const acknowledged: Report[] = [];
  const unanswered: Report[] = [];
  const end = performance.now() + KILLING_MS;
  let kills = 0;
  while (performance.now() < end) {
    const { child, url, ended } = await startProcess(args);
    const load = startLoad(await url());
    // Another moment each time: amid the first commits, amid counting, amid a checkpoint.
    const enough = [1, 20, 150, 700, 2500][kills % 5] ?? 1;
    await until('there is load', () => load.acknowledged.length >= enough);
    child.kill('SIGKILL');
    await ended;
    await load.ended;
    expect(load.refused).toEqual([]);
    acknowledged.push(...load.acknowledged);
    unanswered.push(...load.unanswered);
    kills++;
  }
  expect(kills).toBeGreaterThan(5);

  const url = await (await startProcess(args)).url();
  await until('everything is counted', async () => {
    return (await ask(url)).total_reports >= acknowledged.length;
  });
  const counted = await ask(url);
  expect(counted.total_reports).toBeLessThanOrEqual(acknowledged.length + unanswered.length);
  expect(counted.total_users).toBe(counted.total_reports);
  // Those without an answer may be on disk; once they are sent again, each counts once.
  for (const report of unanswered) expect(await post(`${url}/v1/reports`, report)).toBe(202);
  const total = acknowledged.length + unanswered.length;
  expect(await ask(url)).toEqual({ total_reports: total, total_users: total });
});
