import { describe, expect, it } from 'vitest';
import { setTimeout as wait } from 'node:timers/promises';
import { startBystander } from '../support/bystander.js';
import { peakMegabytes } from '../support/memory.js';
import { openRaw, type RawConnection } from '../support/raw-connection.js';
import { startProcess } from '../support/start-process.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { until } from '../support/until.js';

const HEAD = 'POST /v1/reports HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n';
const MEGABYTE = 1024 * 1024;

async function start() {
  const args = ['--port', '0', '--log-level', 'error', '--data', temporaryFolder()];
  const collector = await startProcess(args);
  const url = await collector.url();
  return { collector, url, pid: collector.child.pid };
}

const openMany = (url: string, count: number): Promise<RawConnection[]> =>
  Promise.all(Array.from({ length: count }, () => openRaw(url)));

describe('others are served while there are', () => {
  it('clients that send a byte now and then, or none at all: they are sent away', async () => {
    const { collector, url, pid } = await start();
    const before = peakMegabytes(pid);
    const bystander = startBystander(url);
    const [headers, bodies, silent] = await Promise.all([
      openMany(url, 200),
      openMany(url, 200),
      openMany(url, 200),
    ]);
    for (const raw of headers) raw.write(HEAD);
    for (const raw of bodies) raw.write(`${HEAD}content-length: 1000\r\n\r\n{`);
    const all = [...headers, ...bodies, ...silent];
    const end = performance.now() + 25_000;
    while (all.some((raw) => !raw.isClosed()) && performance.now() < end) {
      for (const raw of [...headers, ...bodies]) raw.write('a');
      await wait(500);
    }
    const { answers, slowestMs } = await bystander.stop();
    expect(all.filter((raw) => !raw.isClosed())).toEqual([]);
    expect(new Set([...headers, ...bodies].map((raw) => raw.status()))).toEqual(new Set([408]));
    expect(new Set(answers)).toEqual(new Set([202]));
    expect(slowestMs).toBeLessThan(2000);
    expect(peakMegabytes(pid)).toBeLessThan(before + 100);
    expect(collector.stdout().split('\n', 1)).toEqual(['']);
  });

  it('large bodies that never end: the largest are given up', async () => {
    const { url, pid } = await start();
    const before = peakMegabytes(pid);
    const bystander = startBystander(url);
    const connections = await openMany(url, 150);
    const part = Buffer.alloc(MEGABYTE - 1000, ' ');
    for (const raw of connections) {
      raw.write(`${HEAD}content-length: ${MEGABYTE}\r\n\r\n`);
      raw.write(part);
    }
    await until('those beyond the brim are given up', () => {
      return connections.filter((raw) => raw.status() === 503).length >= 150 - 65;
    });
    const { answers, slowestMs } = await bystander.stop();
    for (const raw of connections) raw.socket.destroy();
    expect(new Set(answers)).toEqual(new Set([202]));
    expect(slowestMs).toBeLessThan(2000);
    expect(peakMegabytes(pid)).toBeLessThan(before + 250);
  });

  it('bodies of brackets, zeros and keys: they cost no more than their bytes', async () => {
    const { url, pid } = await start();
    const before = peakMegabytes(pid);
    const bystander = startBystander(url);
    const bodies = [
      '['.repeat(MEGABYTE - 1),
      `[${'0,'.repeat(MEGABYTE / 2 - 2)}0]`,
      `[${'{},'.repeat(MEGABYTE / 3 - 2)}{}]`,
      '{"a":'.repeat(MEGABYTE / 6),
      `{${Array.from({ length: 80_000 }, (_, n) => `"k${n}":0`).join()}}`,
    ];
    const connections = await openMany(url, 100);
    for (const [n, raw] of connections.entries()) {
      const body = bodies[n % bodies.length] ?? '';
      raw.write(`${HEAD}content-length: ${body.length}\r\n\r\n${body}`);
    }
    await until('all are answered', () => connections.every((raw) => raw.status() !== undefined));
    const { answers, slowestMs } = await bystander.stop();
    for (const raw of connections) raw.socket.destroy();
    // Together they are beyond what all bodies may take, so some may be given up.
    for (const raw of connections) expect([413, 422, 503]).toContain(raw.status());
    expect(new Set(answers)).toEqual(new Set([202]));
    expect(slowestMs).toBeLessThan(5000);
    expect(peakMegabytes(pid)).toBeLessThan(before + 250);
  });

  it('floods of connections that break off amid a report', async () => {
    const { collector, url } = await start();
    const bystander = startBystander(url);
    for (let round = 0; round < 20; round++) {
      const connections = await openMany(url, 100);
      for (const [n, raw] of connections.entries()) {
        raw.write(`${HEAD}content-length: 500\r\n\r\n{"anonymous_id":`);
        if (n % 2 === 0) raw.socket.resetAndDestroy();
        else raw.socket.destroy();
      }
    }
    const { answers, slowestMs } = await bystander.stop();
    expect(new Set(answers)).toEqual(new Set([202]));
    expect(slowestMs).toBeLessThan(2000);
    expect(collector.stdout().split('\n', 1)).toEqual(['']);
  });
});
