import { statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { expect, it } from 'vitest';
import { createDiskMeter } from '../../src/host/disk-meter.js';
import { readPressure } from '../../src/host/read-pressure.js';
import { readerOf } from './trees.js';

const HOUR_MS = 3_600_000;
const BSIZE = 4096;

/** A disk of 1000 blocks, 50 of them only for the system. */
function start() {
  let [hours, used] = [0, 0];
  const meter = createDiskMeter({
    statfs: () =>
      Promise.resolve({
        ...{ bsize: BSIZE, blocks: 1000, bfree: 1000 - used, bavail: Math.max(0, 950 - used) },
      }),
    monotonicMs: () => hours * HOUR_MS,
  });
  return async (atHours: number, usedBlocks: number) => {
    [hours, used] = [atHours, usedBlocks];
    return meter.measure();
  };
}

const inHours = ({ fullInMs }: { fullInMs: number | null }): number | null =>
  fullInMs === null ? null : Math.round(fullInMs / HOUR_MS);

it('tells a disk as df does', async () => {
  const at = start();
  const { totalBytes, availableBytes, usedPercent } = await at(0, 380);
  expect([totalBytes, availableBytes, usedPercent]).toEqual([1000 * BSIZE, 570 * BSIZE, 40]);
  expect((await at(1, 1000)).usedPercent).toBe(100);
});

it('tells when a disk is full that fills evenly, after an hour', async () => {
  const at = start();
  for (let hour = 0; hour < 1; hour += 0.25) {
    expect((await at(hour, 100 + 40 * hour)).fullInMs).toBeNull();
  }
  expect(inHours(await at(1, 140))).toBe(20);
  expect(inHours(await at(8, 420))).toBe(13);
});

it('does not take one large file for growth, nor a disk that becomes emptier', async () => {
  const at = start();
  for (let hour = 0; hour <= 3; hour += 0.25) await at(hour, hour < 1 ? 100 : 800);
  expect((await at(3.25, 800)).fullInMs).toBeNull();
  expect((await at(4.5, 700)).fullInMs).toBeNull();
});

it('measures a real disk', async () => {
  const meter = createDiskMeter({
    ...{ statfs: () => statfs(tmpdir()), monotonicMs: () => performance.now() },
  });
  const { totalBytes, availableBytes, usedPercent } = await meter.measure();
  expect(totalBytes).toBeGreaterThan(availableBytes);
  expect(usedPercent).toBeGreaterThan(0);
  expect(usedPercent).toBeLessThanOrEqual(100);
});

it('reads pressure where the kernel tells it', () => {
  const line = (avg60: number): string =>
    `some avg10=80.43 avg60=${avg60} avg300=40.29 total=38963338757\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=0\n`;
  expect(readPressure(readerOf({}))).toEqual({});
  expect(
    readPressure(readerOf({ '/proc/pressure/cpu': line(54.73), '/proc/pressure/io': line(0.5) })),
  ).toEqual({ cpu: 54.73, io: 0.5 });
});
