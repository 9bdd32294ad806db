import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { aggregate } from '../../src/performance/aggregate.js';
import { noLatencies } from '../../src/performance/latencies.js';
import { createPerformanceFile } from '../../src/performance/performance-file.js';
import { copyDatabase } from '../../src/sqlite/database.js';
import type { PerformanceSample } from '../../src/performance/sample.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const FIRST = 29_000_000;

function sample(minute: number, more: Partial<PerformanceSample> = {}): PerformanceSample {
  const latencies = noLatencies();
  latencies[40] = 3;
  return {
    ...{ minute, coveredMs: 60_000, latencies, maxMs: 12.5, errors: 1, reports: 7 },
    ...{ cpuMs: 1500.25, maxCpu: 0.025, maxMemoryBytes: 100_000_000 },
    ...more,
  };
}

function open(path = join(temporaryFolder(), 'performance.db')) {
  const file = createPerformanceFile(path);
  onTestFinished(() => file.close());
  return { file, path };
}

it('keeps samples in the order of their minutes, over a new start', () => {
  const { file, path } = open();
  expect([...file.read(0, FIRST * 2)]).toEqual([]);
  expect(existsSync(path)).toBe(false);
  const all = Array.from({ length: 2100 }, (_, at) => sample(FIRST + at, { reports: at }));
  expect(file.keep([...all].reverse())).toEqual({ setAside: undefined });
  file.close();
  const again = open(path).file;
  expect([...again.read(0, FIRST * 2)]).toEqual(all);
  expect([...again.read(FIRST + 10, FIRST + 12)]).toEqual(all.slice(10, 12));
});

it('adds up what comes for a minute that is there: the clock was put back', () => {
  const { file } = open();
  file.keep([sample(FIRST), sample(FIRST, { coveredMs: 20_000, maxMs: 99, maxCpu: 0.5 })]);
  file.keep([sample(FIRST, { coveredMs: 10_000 })]);
  const [one, ...others] = [...file.read(FIRST, FIRST + 1)];
  expect(others).toEqual([]);
  expect(one).toMatchObject({
    ...{ coveredMs: 90_000, maxMs: 99, errors: 3, reports: 21, maxCpu: 0.5, cpuMs: 4500.75 },
  });
  expect(one?.latencies[40]).toBe(9);
});

it('has the same in whole hours', () => {
  const { file } = open();
  const first = FIRST - (FIRST % 60);
  const all = Array.from({ length: 300 }, (_, at) => sample(first + 7 * at, { reports: at }));
  file.keep(all.slice(0, 200));
  file.keep(all.slice(200));
  const span = { from: first, to: first + 2100, interval: 60 };
  const hours = aggregate(file.read(span.from, span.to, 'hours'), span);
  expect(hours).toEqual(aggregate(file.read(span.from, span.to), span));
  expect(hours.reduce((sum, { reports }) => sum + reports, 0)).toBe((299 * 300) / 2);
});

it('drops what is old, counts it before, and gives its room back', () => {
  const { file, path } = open();
  file.keep(Array.from({ length: 4000 }, (_, at) => sample(FIRST + at)));
  file.close();
  const size = (): number =>
    ['', '-wal'].reduce(
      (all, end) => all + (statSync(`${path}${end}`, { throwIfNoEntry: false })?.size ?? 0),
      0,
    );
  const before = size();
  const counted = file.drop(FIRST + 3000, true);
  expect([...file.read(0, FIRST + 10)]).toHaveLength(10);
  expect(counted.rows).toBe(3000);
  expect(file.drop(FIRST + 3000, false)).toEqual(counted);
  expect(file.drop(FIRST + 3000, false)).toEqual({ rows: 0, bytes: 0 });
  expect([...file.read(0, FIRST * 2)]).toHaveLength(1000);
  file.close();
  expect(size()).toBeLessThan(before / 2);
});

it.each<[string, (bytes: Buffer) => Buffer]>([
  ['is no database', () => Buffer.from('no database'.repeat(1000))],
  ['lost its head', (bytes) => Buffer.concat([Buffer.alloc(4096), bytes.subarray(4096)])],
  ['lost its end', (bytes) => bytes.subarray(0, 3 * 4096)],
  ['lost its middle', (bytes) => Buffer.from(bytes.map((byte, at) => (at > 4096 ? 0xff : byte)))],
])('puts a file aside that %s, and begins anew', (_what, damage) => {
  const { file, path } = open();
  const whole = join(temporaryFolder(), 'performance.db');
  open(whole).file.keep(Array.from({ length: 2000 }, (_, at) => sample(FIRST + at)));
  // The binding closes a database when its statements are collected, so a copy is damaged.
  copyDatabase(whole, path);
  const damaged = damage(readFileSync(path));
  writeFileSync(path, damaged);
  let aside: string | undefined;
  try {
    const found = [...file.read(0, FIRST * 2)];
    expect(found.length).toBe(-1);
  } catch (error) {
    expect(['SQLITE_NOTADB', 'SQLITE_CORRUPT']).toContain((error as { code?: string }).code);
    aside = file.setAside();
  }
  expect(aside).toBe(`${path}.damaged`);
  // Opening it may have changed how its first page says that it is written.
  const kept = readFileSync(`${path}.damaged`);
  expect(kept.subarray(4096).equals(damaged.subarray(4096))).toBe(true);
  expect(file.keep([sample(FIRST)])).toEqual({ setAside: undefined });
  expect([...file.read(0, FIRST * 2)]).toEqual([sample(FIRST)]);
});

it('finds out while it keeps a sample, too', () => {
  const { file, path } = open();
  writeFileSync(path, 'x'.repeat(10_000));
  // One damaged file is kept, the last.
  writeFileSync(`${path}.damaged`, 'w');
  expect(file.keep([sample(FIRST)])).toEqual({ setAside: `${path}.damaged` });
  expect([...file.read(0, FIRST * 2)]).toEqual([sample(FIRST)]);
  expect(readFileSync(`${path}.damaged`, 'utf8')[0]).toBe('x');
});

it('begins anew where somebody has removed the file', () => {
  const { file, path } = open();
  file.keep([sample(FIRST)]);
  for (const end of ['', '-wal', '-shm']) rmSync(`${path}${end}`, { force: true });
  file.keep([sample(FIRST + 1)]);
  expect([...file.read(0, FIRST * 2)]).toEqual([sample(FIRST + 1)]);
});

it('throws where something else is in its place, and leaves that alone', () => {
  const { file, path } = open();
  mkdirSync(path);
  expect(() => file.keep([sample(FIRST)])).toThrow();
  expect(statSync(path).isDirectory()).toBe(true);
});
