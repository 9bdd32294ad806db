import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ask } from '../support/ask-counts.js';
import { buildShim } from '../support/build-shim.js';
import { post } from '../support/load.js';
import { fullReport, reportId } from '../support/reports.js';
import { startProcess } from '../support/start-process.js';
import { temporaryFolder } from '../support/temporary-folder.js';

/** Kills, spread over all changes of files from the start to the end of a collector. */
const KILLS = 24;

const reports = (count: number) =>
  Array.from({ length: count }, () => fullReport({ anonymous_id: reportId() }));

/** Sends some requests one by one; gives those without an answer. */
async function sendAll(url: string, requests: readonly object[]): Promise<object[]> {
  const unanswered: object[] = [];
  for (const request of requests) {
    try {
      expect(await post(`${url}/v1/reports`, request)).toBe(202);
      // Counted now or never: a kill may strike amid counting.
      await ask(url);
    } catch {
      unanswered.push(request);
    }
  }
  return unanswered;
}

interface Run {
  /** How many files were changed; `undefined` after a kill. */
  readonly changes: number | undefined;
  readonly counted: { total_users: number; total_reports: number };
  readonly total: number;
}

async function runUntil(shim: string, killAt: number): Promise<Run> {
  const folder = temporaryFolder();
  const data = join(folder, 'data');
  const args = ['--port', '0', '--log-level', 'silent', '--data', data];
  const count = join(folder, 'count');
  const requests = [reports(1), reports(30), reports(1), reports(2)].map((all) => ({
    reports: all,
  }));
  const env = { LD_PRELOAD: shim, KILL_FOLDER: data, KILL_AT: String(killAt), KILL_COUNT: count };
  const first = await startProcess(args, env);
  const url = await first.url().catch(() => undefined);
  const unanswered = url === undefined ? requests : await sendAll(url, requests);
  first.child.kill('SIGTERM');
  const end = await first.ended;

  const second = await startProcess(args);
  const again = await second.url();
  expect(await sendAll(again, unanswered)).toEqual([]);
  const counted = await ask(again);
  second.child.kill('SIGTERM');
  await second.ended;
  const total = requests.reduce((sum, one) => sum + one.reports.length, 0);
  return { changes: end === 0 ? Number(readFileSync(count, 'utf8')) : undefined, counted, total };
}

it('killed at any change of a file, it has counted what it acknowledged, exactly', async () => {
  const shim = buildShim('kill-shim.c', temporaryFolder());
  const { changes = 0 } = await runUntil(shim, 0);
  expect(changes).toBeGreaterThan(2 * KILLS);
  for (let kill = 0; kill < KILLS; kill++) {
    const at = 1 + Math.floor((kill * (changes - 1)) / (KILLS - 1));
    const run = await runUntil(shim, at);
    const exact = { total_reports: run.total, total_users: run.total };
    expect({ at, ...run.counted }).toEqual({ at, ...exact });
    // The last changes need not come again in each run.
    if (kill < KILLS - 4) expect({ at, changes: run.changes }).toEqual({ at, changes: undefined });
  }
}, 300_000);
