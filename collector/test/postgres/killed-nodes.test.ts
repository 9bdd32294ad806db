import type { Report } from 'headcount/wire';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ask } from '../support/ask-counts.js';
import { post, startLoad } from '../support/load.js';
import { type CollectorProcess, startProcess } from '../support/start-process.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { until } from '../support/until.js';
import { temporarySchema } from './support/temporary-schema.js';

/** Reports that each node has acknowledged when it is killed: amid the first commits, and later. */
const KILLED_AFTER = [1, 200];

it('two nodes that are killed under load have counted what they acknowledged, exactly', async () => {
  const store = await temporarySchema();
  const folders = [temporaryFolder(), temporaryFolder()] as const;
  const start = (data: string): Promise<CollectorProcess> =>
    startProcess(['--port', '0', '--log-level', 'error', '--data', data], {
      HEADCOUNT_STORE: store,
    });
  const startBoth = async () => {
    const first = await start(folders[0]);
    await first.url();
    copyFileSync(join(folders[0], 'pepper'), join(folders[1], 'pepper'));
    return [first, await start(folders[1])] as const;
  };
  const acknowledged: Report[] = [];
  const unanswered: Report[] = [];
  for (const enough of KILLED_AFTER) {
    const nodes = await startBoth();
    const killed = nodes.map(async ({ url, child, ended }) => {
      const load = startLoad(await url(), 4);
      await until('there is load', () => load.acknowledged.length >= enough);
      child.kill('SIGKILL');
      await ended;
      await load.ended;
      expect(load.refused).toEqual([]);
      acknowledged.push(...load.acknowledged);
      unanswered.push(...load.unanswered);
    });
    await Promise.all(killed);
  }

  const [first, second] = await startBoth();
  const [url, other] = [await first.url(), await second.url()];
  await until('everything is counted', async () => {
    return (await ask(url)).total_reports >= acknowledged.length;
  });
  // Those without an answer may be on one disk, and are sent again to the other: each counts once.
  for (const [n, report] of unanswered.entries()) {
    expect(await post(`${n % 2 === 0 ? url : other}/v1/reports`, report)).toBe(202);
  }
  const total = acknowledged.length + unanswered.length;
  await until('the rest is counted', async () => {
    return (await ask(other)).total_reports >= total;
  });
  expect(await ask(url)).toEqual({ total_reports: total, total_users: total });
}, 180_000);
