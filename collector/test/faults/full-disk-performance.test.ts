import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { noLatencies } from '../../src/performance/latencies.js';
import { createPerformanceFile } from '../../src/performance/performance-file.js';
import type { PerformanceSample } from '../../src/performance/sample.js';
import { temporaryFolder } from '../support/temporary-folder.js';

function sample(minute: number): PerformanceSample {
  const latencies = noLatencies().fill(1);
  return {
    ...{ minute, coveredMs: 60_000, latencies, maxMs: 12.5, errors: 1, reports: 7 },
    ...{ cpuMs: 1500, maxCpu: 0.025, maxMemoryBytes: 100_000_000 },
  };
}

it('loses no sample that was kept on a disk that fills, and goes on once it has room', () => {
  const disk = join(temporaryFolder(), 'disk');
  mkdirSync(disk);
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', disk]);
  onTestFinished(() => void execFileSync('umount', ['--lazy', disk]));
  const file = createPerformanceFile(join(disk, 'performance.db'));
  const fill = join(disk, 'fill');
  const first = 29_000_000;
  let kept = 0;
  for (let round = 0; round < 3; round++) {
    for (; kept < 50 * (round + 1); kept++) file.keep([sample(first + kept)]);
    execFileSync('sh', ['-c', `dd if=/dev/zero of="${fill}" bs=1k 2>/dev/null || true`]);
    let full: unknown;
    try {
      // Its log may have room for some.
      for (let n = 0; n < 1000; n++) {
        file.keep([sample(first + kept)]);
        kept += 1;
      }
    } catch (error) {
      full = error;
    }
    expect(full).toMatchObject({ code: 'SQLITE_FULL' });
    expect([...file.read(first, first * 2)]).toHaveLength(kept);
    rmSync(fill);
    expect(file.keep([sample(first + kept)])).toEqual({ setAside: undefined });
    kept += 1;
  }
  const found = [...file.read(first, first * 2)];
  expect(found.map(({ minute }) => minute - first)).toEqual([...Array(kept).keys()]);
  file.close();
});
