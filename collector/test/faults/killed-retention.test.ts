import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { countedReport } from '../support/counted-report.js';
import { openCountsReader } from '../../src/store/sqlite/counts-reader.js';
import { openCountsWriter } from '../../src/store/sqlite/counts-writer.js';
import { startProcess } from '../support/start-process.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const DAY_MS = 86_400_000;
const USERS = 20_000;
const today = Math.floor(Date.now() / DAY_MS);

/** Fills a data folder with users who have two days each, one of them long ago. */
async function fill(data: string): Promise<void> {
  // The process makes the pepper, the journal and the lock.
  const first = await startProcess(['--port', '0', '--data', data]);
  await first.url();
  first.child.kill('SIGTERM');
  await first.ended;
  const writer = openCountsWriter(join(data, 'counts.db'), Date.now());
  for (let batch = 0; batch < 20; batch++) {
    const reports = Array.from({ length: USERS / 20 }, () => randomBytes(16)).flatMap((uid) =>
      [today - 200, today - 10].map((day) => ({
        ...countedReport({ day, receivedDay: today - 10 }),
        uid,
      })),
    );
    const place = { journalId: 'filling', after: batch, upTo: batch + 1, appliedAt: Date.now() };
    await writer.apply({ ...place, reports, deletions: [] });
  }
  await writer.close();
}

async function answersOf(data: string): Promise<unknown> {
  const reader = openCountsReader(join(data, 'counts.db'));
  const days = { project: 'acme', from: today - 300, to: today };
  const answers = [
    await reader.summary({ project: 'acme', day: today }),
    await reader.gaps({ ...days, ci: false }),
    await reader.valueGaps({ ...days, dimension: 'version' }),
    await reader.retention({ ...days, interval: 'month' }),
  ];
  await reader.close();
  return answers;
}

describe('retention', () => {
  it('killed at any moment, changes no answer, and ends when it is run again', async () => {
    const data = temporaryFolder();
    await fill(data);
    const before = await answersOf(data);
    const args = ['retention', '--data', data, '--keep-activity', '100d'];
    for (const ms of [150, 250, 350, 450, 600]) {
      const { child, ended } = await startProcess(args);
      await wait(ms);
      child.kill('SIGKILL');
      await ended;
      const writer = openCountsWriter(join(data, 'counts.db'), Date.now());
      await writer.close();
      expect(await answersOf(data)).toEqual(before);
    }
    const last = await startProcess(args);
    expect(await last.ended).toBe(0);
    expect(await answersOf(data)).toEqual(before);
    const again = await startProcess([...args, '--dry-run']);
    expect(await again.ended).toBe(0);
    expect(again.stdout()).toContain('activity (kept 100d): 0 rows would go');
  });
});
