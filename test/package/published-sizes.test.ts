import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';

const repo = fileURLToPath(new URL('../../', import.meta.url));
const read = (page: string): string => readFileSync(`${repo}${page}`, 'utf8');

/** What a page says, by the first group of a pattern. */
function figureOf(page: string, pattern: RegExp): number {
  const [, figure] = pattern.exec(read(page)) ?? [];
  if (figure === undefined) throw new Error(`${page} has no ${pattern.source}`);
  return Number(figure);
}

describe('the size of the package, as it is published', () => {
  let packedKb: number;
  beforeAll(() => {
    const told = execFileSync('npm', ['pack', '--dry-run', '--json', '--silent'], {
      cwd: repo,
      encoding: 'utf8',
    });
    const [packed] = JSON.parse(told) as [{ readonly unpackedSize: number }];
    packedKb = packed.unpackedSize / 1000;
  });

  it.each([
    ['README.md', /at most (\d+) kB/],
    ['docs/promises.md', /at most (\d+) kB/],
    ['docs/performance.md', /^\| unpacked size +\| +(\d+) kB/m],
  ])('is at most what %s promises', (page, pattern) => {
    expect(packedKb).toBeLessThanOrEqual(figureOf(page, pattern));
  });

  it.each([
    ['docs/comparison.md', /unpacked, kB[^\n]*\n[^\n]*\n\| headcount +\| +(\d+)/],
    ['docs/performance.md', /unpacked, kB[^\n]*\n[^\n]*\n\| headcount +\| +(\d+)/],
    ['docs/performance.md', /^\| unpacked size +\| +\d+ kB +\| +([\d.]+)/m],
  ])('is within 2 % what %s says that was measured', (page, pattern) => {
    expect(Math.abs(packedKb / figureOf(page, pattern) - 1)).toBeLessThan(0.02);
  });
});
