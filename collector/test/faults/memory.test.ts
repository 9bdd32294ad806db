import { Agent } from 'node:http';
import { expect, it } from 'vitest';
import { post } from '../support/load.js';
import { peakMegabytes } from '../support/memory.js';
import { fullReport, reportId } from '../support/reports.js';
import { startProcess } from '../support/start-process.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const PEOPLE = 100_000;
const LOAD_MS = 10_000;

const reportOf = (person: number) =>
  fullReport({
    anonymous_id: person.toString(16).padStart(16, '0'),
    timestamp: new Date().toISOString(),
    report_id: reportId(),
  });

/** Posts what `bodyOf` gives over so many connections, until `isOver`. */
async function load(
  url: string,
  connections: number,
  bodyOf: () => unknown,
  isOver: () => boolean,
): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  let taken = 0;
  const send = async (): Promise<void> => {
    while (!isOver()) if ((await post(`${url}/v1/reports`, bodyOf(), agent)) === 202) taken += 1;
  };
  await Promise.all(Array.from({ length: connections }, send));
  agent.destroy();
  return taken;
}

// Batches are beyond the aim of 180 MB: docs/collector-performance.md says why.
it.each([
  ['single reports', 64, 1, 180],
  ['batches of 50', 32, 50, 200],
])(
  'takes little memory with 100 000 users under load: %s',
  async (_name, connections, size, most) => {
    const data = temporaryFolder();
    const args = ['--port', '0', '--log-level', 'error', '--data', data];
    const seeding = await startProcess(args);
    let next = 0;
    const people = () => Array.from({ length: 500 }, () => reportOf(next++));
    const batches = await load(
      await seeding.url(),
      4,
      () => ({ reports: people() }),
      () => next >= PEOPLE,
    );
    expect(batches * 500).toBeGreaterThanOrEqual(PEOPLE);
    seeding.child.kill('SIGTERM');
    expect(await seeding.ended).toBe(0);

    const collector = await startProcess(args);
    const url = await collector.url();
    const end = performance.now() + LOAD_MS;
    const one = () => reportOf(Math.floor(Math.random() * PEOPLE * 1.1));
    const bodyOf = () => (size === 1 ? one() : { reports: Array.from({ length: size }, one) });
    const taken = await load(url, connections, bodyOf, () => performance.now() > end);
    expect(taken).toBeGreaterThan(connections);
    expect((await fetch(`${url}/livez`)).status).toBe(200);
    expect(peakMegabytes(collector.child.pid)).toBeLessThanOrEqual(most);
  },
  120_000,
);
