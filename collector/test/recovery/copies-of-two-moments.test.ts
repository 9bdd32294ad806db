import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Report } from 'headcount/wire';
import { expect, it, onTestFinished } from 'vitest';
import { openWriter } from '../../src/sqlite/database.js';
import { copyFiles, journalEmpty, removeFiles } from '../support/copy-data.js';
import { bearer, firstGenerationReport, fullReport, PROOF, reportId } from '../support/reports.js';
import { NOW, startCollector, type TestCollector } from '../support/start-collector.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const TOKEN = 'the-administrator-of-tests';

const start = (
  options: Parameters<typeof startCollector>[0] = {},
  atEnd?: Parameters<typeof startCollector>[1],
) => startCollector({ adminToken: TOKEN, ...options }, atEnd);

/** Sends reports of new people; all are counted, and removed from the journal, when this returns. */
async function send(collector: TestCollector, people: number): Promise<Report[]> {
  const reports = Array.from({ length: people }, () => fullReport({ anonymous_id: reportId() }));
  expect((await collector.post('/v1/reports', { reports })).body).toMatchObject({
    accepted: people,
  });
  await totals(collector);
  await journalEmpty(collector.data);
  return reports;
}

async function totals(collector: TestCollector): Promise<unknown[]> {
  const { body } = await collector.get('/stats');
  return [body['total_users'], body['total_reports']];
}

async function losses(collector: TestCollector): Promise<unknown[]> {
  const { body } = await collector.get('/v1/stats/quality', bearer(TOKEN));
  return [body['lost_in_restore'], body['unknown_losses']];
}

/** A copy of the folder of a collector that rests. */
function copyAll(from: string): string {
  const to = temporaryFolder();
  copyFiles('journal.db', from, to);
  copyFiles('counts.db', from, to);
  copyFileSync(join(from, 'pepper'), join(to, 'pepper'));
  return to;
}

/** Lets nothing be counted, as during an outage of the disk below the counts. */
function stopCounting(data: string): void {
  const outage = openWriter(join(data, 'counts.db'), { walPages: 1000 });
  outage.exec('BEGIN IMMEDIATE');
  onTestFinished(() => {
    outage.exec('ROLLBACK');
    outage.close();
  });
}

it('counts what is acknowledged after a restore of a journal that is older than the counts', async () => {
  const first = await start();
  await send(first, 10);
  const data = copyAll(first.data);
  await send(first, 30);
  copyFiles('counts.db', first.data, data);

  const restored = await start({ data });
  expect(await totals(restored)).toEqual([40, 40]);
  const sent = await send(restored, 25);
  expect(await totals(restored)).toEqual([65, 65]);
  expect(await losses(restored)).toEqual([0, 1]);
  expect(restored.log()).toContain('The journal is a copy that is older than the counts');
  await restored.close();

  // What was said once is not said again, and nothing counts twice.
  const again = await start({ data });
  await again.post('/v1/reports', { reports: sent });
  expect(await totals(again)).toEqual([65, 65]);
  expect(await losses(again)).toEqual([0, 1]);
  expect(again.log()).not.toContain('older than the counts');
});

it('notices a journal that went back and then grew past the position', async () => {
  const first = await start();
  await send(first, 10);
  const data = copyAll(first.data);
  await send(first, 30);
  const second = await start({ data });
  const grown = await send(second, 50);
  await second.close();
  copyFiles('counts.db', first.data, data);

  const restored = await start({ data });
  expect(await losses(restored)).toEqual([50, 1]);
  await restored.post('/v1/reports', { reports: grown });
  expect(await totals(restored)).toEqual([90, 90]);
});

it('says how much is lost if the counts are older than the journal', async () => {
  const first = await start();
  await send(first, 10);
  const data = copyAll(first.data);
  const lost = await send(first, 30);
  copyFiles('journal.db', first.data, data);

  const restored = await start({ data });
  expect(await totals(restored)).toEqual([10, 10]);
  expect(await losses(restored)).toEqual([30, 0]);
  expect((await restored.get('/health', bearer(TOKEN))).body).toMatchObject({
    status: 'healthy',
    warnings: {
      restore: {
        state: 'warning',
        reason:
          'After a restore or the loss of a collector in the last 7 days, 30 acknowledged entries are not in the counts.',
      },
    },
  });
  await send(restored, 5);
  await restored.close();
  const again = await start({ data });
  expect(await losses(again)).toEqual([30, 0]);
  await again.post('/v1/reports', { reports: lost });
  expect(await totals(again)).toEqual([45, 45]);
});

it('counts what the journal still holds, once, with older counts and with none', async () => {
  const first = await start({ now: () => new Date() });
  await send(first, 10);
  const data = copyAll(first.data);
  stopCounting(first.data);
  const waiting = {
    reports: Array.from({ length: 20 }, () => firstGenerationReport({ anonymous_id: reportId() })),
  };
  expect((await first.post('/v1/reports', waiting)).status).toBe(202);
  copyFiles('journal.db', first.data, data);

  const restored = await start({ data });
  expect(await totals(restored)).toEqual([30, 30]);
  expect(await losses(restored)).toEqual([0, 0]);
  await restored.close();
  const again = await start({ data });
  expect(await totals(again)).toEqual([30, 30]);
});

it('counts everything again if the counts are gone and the journal has forgotten nothing', async () => {
  const first = await start({ now: () => new Date() });
  stopCounting(first.data);
  const reports = Array.from({ length: 20 }, () => fullReport({ anonymous_id: reportId() }));
  expect((await first.post('/v1/reports', { reports })).status).toBe(202);
  const data = copyAll(first.data);
  removeFiles('counts.db', data);
  const restored = await start({ data });
  expect(await totals(restored)).toEqual([20, 20]);
  expect(await losses(restored)).toEqual([0, 0]);
});

it.each<[string, (data: string) => void]>([
  ['missing', (data) => removeFiles('journal.db', data)],
  [
    'an empty file',
    (data) => {
      removeFiles('journal.db', data);
      writeFileSync(join(data, 'journal.db'), '');
    },
  ],
])('goes on with a new journal, and says so once: the journal is %s', async (_how, harm) => {
  const first = await start();
  await send(first, 10);
  const data = copyAll(first.data);
  harm(data);
  for (const expected of [10, 15]) {
    const restored = await start({ data });
    expect(await totals(restored)).toEqual([expected, expected]);
    expect(await losses(restored)).toEqual([0, 1]);
    await send(restored, 5);
    await restored.close();
  }
});

it('is silent about copies of one moment, and about restarts', async () => {
  const first = await start();
  for (let restart = 0; restart < 3; restart++) {
    const data = copyAll(first.data);
    const restored = await start({ data });
    await send(restored, 5);
    expect(await totals(restored)).toEqual([5, 5]);
    expect(await losses(restored)).toEqual([0, 0]);
    await restored.close();
    const again = await start({ data });
    expect(await losses(again)).toEqual([0, 0]);
    expect(again.log()).not.toContain('older');
    await again.close();
  }
});

it('deletes again who was deleted after the copies, however they were mixed', async () => {
  const first = await start();
  const erased = await send(first, 3);
  const data = copyAll(first.data);
  const url = (report?: Report) => `/v1/users/${report?.anonymous_id}?project=acme-cli`;
  for (const report of erased) {
    expect((await first.delete(url(report), bearer(PROOF))).status).toBe(202);
  }
  // This one has come back since; that is not in the copies.
  await send(first, 2);
  const older = copyAll(data);

  // Counts alone are older: the deletions were removed from the journal as counted.
  copyFiles('journal.db', first.data, data);
  copyFileSync(join(first.data, 'erasures'), join(data, 'erasures'));
  const restored = await start({ data });
  expect(await totals(restored)).toEqual([0, expect.any(Number)]);
  expect(await losses(restored)).toEqual([2, 0]);
  for (const report of erased) {
    expect((await restored.get(url(report), bearer(PROOF))).status).toBe(404);
  }

  // Both are older: only the file knows of the deletions. Somebody deleted may come back.
  copyFileSync(join(first.data, 'erasures'), join(older, 'erasures'));
  const later = () => new Date(NOW.getTime() + 3_600_000);
  const both = await start({ data: older, now: later });
  expect((await totals(both))[0]).toBe(0);
  await both.post('/v1/reports', { reports: erased });
  expect((await totals(both))[0]).toBe(0);
  const back = fullReport({
    ...erased[0],
    report_id: reportId(later().getTime()),
  });
  await both.post('/v1/reports', { ...back, timestamp: later().toISOString() });
  await both.close();
  const again = await start({ data: older, now: later });
  expect((await totals(again))[0]).toBe(1);
});

it('says that something may be lost if the databases were copied without their logs', async () => {
  const first = await start();
  await send(first, 10);
  const data = temporaryFolder();
  for (const name of ['counts.db', 'journal.db', 'pepper']) {
    copyFileSync(join(first.data, name), join(data, name));
  }
  for (let run = 0; run < 2; run++) {
    const restored = await start({ data });
    expect(await totals(restored)).toEqual([0, 0]);
    expect(await losses(restored)).toEqual([0, 1]);
    expect((await restored.get('/health', bearer(TOKEN))).body['warnings']).toMatchObject({
      restore: { state: 'warning' },
    });
    expect(restored.log().includes('copied without its file journal.db-wal')).toBe(run === 0);
    await restored.close();
  }
});

it('notices a journal of before a restart beside newer counts', async () => {
  const first = await start();
  await send(first, 10);
  await first.close();
  const data = copyAll(first.data);
  const second = await start({ data: first.data });
  await send(second, 30);
  copyFiles('counts.db', first.data, data);

  for (let run = 0; run < 2; run++) {
    const restored = await start({ data });
    expect(await totals(restored)).toEqual([40, 40]);
    expect(await losses(restored)).toEqual([0, 1]);
    await restored.close();
  }
});

it('is silent about a copy of files that were closed, and about restarts of it', async () => {
  const first = await start();
  // Nothing else may have the files open: the last to close them merges their logs.
  await first.post('/v1/reports', {
    reports: Array.from({ length: 10 }, () => fullReport({ anonymous_id: reportId() })),
  });
  await first.close();
  const data = temporaryFolder();
  for (const name of ['counts.db', 'journal.db', 'pepper']) {
    copyFileSync(join(first.data, name), join(data, name));
  }
  for (let run = 0; run < 3; run++) {
    const restored = await start({ data });
    expect(await totals(restored)).toEqual([10, 10]);
    expect(await losses(restored)).toEqual([0, 0]);
    await restored.close();
  }
});
