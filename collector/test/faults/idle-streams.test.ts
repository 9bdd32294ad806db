import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { post } from '../support/load.js';
import { openRaw, type RawConnection } from '../support/raw-connection.js';
import { fullReport, reportId } from '../support/reports.js';
import { seedFull } from '../support/seed-full.js';
import { startProcess } from '../support/start-process.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { until } from '../support/until.js';

const TOKEN = 'the-administrator-of-tests';
const MB = 1024 * 1024;
const SECONDS = 8;

/** Memory that a process has in RAM, in bytes. */
function residentBytes(pid = 0): number {
  const [, kib] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kib) * 1024;
}

it.each([
  ['20 with a token', 20, TOKEN, 20 * MB],
  ['100 without one', 100, undefined, 40 * MB],
])(
  'streams that nobody reads take little memory, whatever is counted: %s',
  async (_name, streams, token, most) => {
    const data = join(temporaryFolder(), 'data');
    mkdirSync(data);
    await seedFull(data, { now: new Date(), projects: 100 });
    const collector = await startProcess(['--port', '0', '--data', data], {
      ...{ HEADCOUNT_ADMIN_TOKEN: TOKEN, HEADCOUNT_VISIBILITY: 'detailed' },
    });
    const url = await collector.url();
    /** Reports come in, so that there is a message in every second. */
    const report = async (seconds: number): Promise<void> => {
      const end = performance.now() + 1000 * seconds;
      while (performance.now() < end) {
        const one = fullReport({ anonymous_id: reportId(), project: 'big', report_id: reportId() });
        expect(await post(`${url}/v1/reports`, one)).toBe(202);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    };
    await report(3);
    const before = residentBytes(collector.child.pid);

    const authorization = token === undefined ? '' : `Authorization: Bearer ${token}\r\n`;
    const open = async (): Promise<RawConnection> => {
      const raw = await openRaw(url);
      raw.write(`GET /v1/stats/live?project=big HTTP/1.1\r\nHost: a\r\n${authorization}\r\n`);
      await until('it is answered', () => raw.status() !== undefined);
      expect(raw.status()).toBe(200);
      raw.socket.pause();
      return raw;
    };
    const listening = await Promise.all(Array.from({ length: streams }, open));
    await report(SECONDS);
    const grown = residentBytes(collector.child.pid) - before;
    expect((await fetch(`${url}/health`)).status).toBe(200);
    expect((await fetch(`${url}/v1/stats/summary?project=big`)).status).toBe(200);
    for (const { socket } of listening) socket.destroy();
    expect(grown).toBeLessThan(most);
  },
  60_000,
);
