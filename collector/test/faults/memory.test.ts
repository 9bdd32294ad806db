import { cpSync } from 'node:fs';
import { Agent } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { post } from '../support/load.js';
import { peakMegabytes } from '../support/memory.js';
import { fullReport, reportId } from '../support/reports.js';
import { startProcess } from '../support/start-process.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const PEOPLE = 100_000;
const LOAD_MS = 10_000;
/** What the collector may take beside other programs on a small machine. */
const MOST_MB = 180;

const reportOf = (person: number) =>
  fullReport({
    anonymous_id: person.toString(16).padStart(16, '0'),
    timestamp: new Date().toISOString(),
    report_id: reportId(),
  });

/** Posts what `bodyOf` gives over so many connections, each until it is taken, until `isOver`. */
async function load(
  url: string,
  connections: number,
  bodyOf: () => unknown,
  isOver: () => boolean,
): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  let taken = 0;
  const send = async (): Promise<void> => {
    while (!isOver()) {
      const body = bodyOf();
      for (;;) {
        const status = await post(`${url}/v1/reports`, body, agent);
        if (status === 202) break;
        // It asks senders to come back where it counts slowly.
        expect(status).toBe(503);
        await pause(100);
      }
      taken += 1;
    }
  };
  await Promise.all(Array.from({ length: connections }, send));
  agent.destroy();
  return taken;
}

const LOADS = [
  { name: 'single reports', connections: 64, size: 1 },
  { name: 'batches of 50', connections: 32, size: 50 },
];

const ARGS = ['--port', '0', '--log-level', 'error', '--data'];

it('takes little memory with 100 000 users, under single reports and under batches', async () => {
  const seeded = temporaryFolder();
  const seeding = await startProcess([...ARGS, seeded]);
  let next = 0;
  const people = () => Array.from({ length: 500 }, () => reportOf(next++));
  const isSeeded = () => next >= PEOPLE;
  await load(await seeding.url(), 4, () => ({ reports: people() }), isSeeded);
  seeding.child.kill('SIGTERM');
  expect(await seeding.ended).toBe(0);

  for (const { name, connections, size } of LOADS) {
    const data = temporaryFolder();
    cpSync(seeded, data, { recursive: true });
    const collector = await startProcess([...ARGS, data]);
    const url = await collector.url();
    const end = performance.now() + LOAD_MS;
    const one = () => reportOf(Math.floor(Math.random() * PEOPLE * 1.1));
    const bodyOf = () => (size === 1 ? one() : { reports: Array.from({ length: size }, one) });
    const taken = await load(url, connections, bodyOf, () => performance.now() > end);
    expect(taken).toBeGreaterThan(connections);
    expect((await fetch(`${url}/livez`)).status).toBe(200);
    const peak = peakMegabytes(collector.child.pid);
    expect([name, Math.max(peak, MOST_MB)]).toEqual([name, MOST_MB]);
    collector.child.kill('SIGTERM');
    expect(await collector.ended).toBe(0);
  }
}, 240_000);
