import { appendFileSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openWriter } from '../../src/sqlite/database.js';
import { ask } from '../support/ask-counts.js';
import { post } from '../support/load.js';
import { fullReport, reportId } from '../support/reports.js';
import { startProcess } from '../support/start-process.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { until } from '../support/until.js';

const REPORTS = 300;

/** A collector that was killed with all it had acknowledged still in its journal. */
async function leaveJournal(): Promise<{ data: string; args: string[] }> {
  const data = temporaryFolder();
  const args = ['--port', '0', '--log-level', 'silent', '--data', data];
  const { child, url, ended } = await startProcess(args);
  const address = await url();
  const counts = openWriter(join(data, 'counts.db'), { walPages: 1000 });
  counts.exec('BEGIN IMMEDIATE');
  for (let n = 0; n < REPORTS / 100; n++) {
    const reports = Array.from({ length: 100 }, () => fullReport({ anonymous_id: reportId() }));
    expect(await post(`${address}/v1/reports`, { reports })).toBe(202);
  }
  child.kill('SIGKILL');
  await ended;
  counts.exec('ROLLBACK');
  counts.close();
  return { data, args };
}

describe('a journal whose last write was torn', () => {
  const frame = (wal: string): Buffer => readFileSync(wal).subarray(32, 32 + 24 + 4096);

  it.each<[string, (wal: string) => void]>([
    ['by noise', (wal) => appendFileSync(wal, Buffer.alloc(5000, 0xa5))],
    ['by zeros', (wal) => appendFileSync(wal, Buffer.alloc(8192))],
    ['in the middle of a frame', (wal) => appendFileSync(wal, frame(wal).subarray(0, 2000))],
    ['with an old frame in its place', (wal) => appendFileSync(wal, frame(wal))],
  ])('is counted to the last acknowledged report: %s', async (_how, tear) => {
    const { data, args } = await leaveJournal();
    const wal = join(data, 'journal.db-wal');
    expect(statSync(wal).size).toBeGreaterThan(4096);
    tear(wal);
    const url = await (await startProcess(args)).url();
    await until('everything is counted', async () => (await ask(url)).total_reports >= REPORTS);
    expect(await ask(url)).toEqual({ total_reports: REPORTS, total_users: REPORTS });
    expect(await post(`${url}/v1/reports`, fullReport())).toBe(202);
    expect((await ask(url)).total_reports).toBe(REPORTS + 1);
  });
});

describe('a file that is no database', () => {
  it.each(['journal.db', 'counts.db'])(
    'keeps the collector from starting, and is left as it is: %s',
    async (name) => {
      const data = temporaryFolder();
      const args = ['--port', '0', '--log-level', 'silent', '--data', data];
      const first = await startProcess(args);
      await first.url();
      first.child.kill('SIGTERM');
      await first.ended;
      const path = join(data, name);
      writeFileSync(path, Buffer.alloc(8192, 'no database '));
      const { ended, stderr } = await startProcess(args);
      expect(await ended).toBe(1);
      expect(stderr()).toContain('is damaged');
      expect(stderr()).toContain(data);
      expect(stderr()).not.toMatch(/^\s+at /m);
      expect(existsSync(path)).toBe(true);
      expect(readFileSync(path, 'latin1')).toContain('no database');
    },
  );
});
