import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { OPTIONS } from '../../src/config-options.js';

const MIB = 1024 ** 2;
const README = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
const PAGE = readFileSync(new URL('../../../docs/collector/limits.md', import.meta.url), 'utf8');

/** The cells of each row of a table, by what the first cell begins with. */
function cellsOf(text: string, first: string): string[] {
  const line = text.split('\n').find((one) => one.startsWith(`| ${first}`)) ?? '';
  return line.split('|').map((cell) => cell.trim()).slice(1, -1); // prettier-ignore
}

const toNumber = (cell: string | undefined): number => Number((cell ?? '').replaceAll(' ', ''));

describe('the limits in the documents', () => {
  it.each<[string, (number | undefined)[]]>([
    [
      'reports per minute',
      [OPTIONS.rateLimit, OPTIONS.keyRateLimit, OPTIONS.projectRateLimit].map((o) => o.fallback),
    ],
    [
      'MiB of reports per minute',
      [OPTIONS.bytesLimit.fallback / MIB, undefined, OPTIONS.projectBytesLimit.fallback / MIB],
    ],
    [
      'IDs per hour',
      [OPTIONS.newIdsLimit.fallback, undefined, OPTIONS.projectNewIdsLimit.fallback],
    ],
    ['new projects per day', [OPTIONS.newProjectsLimit.fallback, undefined, undefined]],
    ['values per day', [OPTIONS.newValuesLimit.fallback, undefined, undefined]],
    ['stats queries per minute', [OPTIONS.statsRateLimit.fallback, undefined, undefined]],
  ])('of the README are the defaults: %s', (first, defaults) => {
    const [, ...cells] = cellsOf(README, first);
    const numbers = cells.map((cell) => (cell === '–' ? undefined : toNumber(cell)));
    expect(numbers).toEqual(defaults);
  });

  it.each(
    [
      OPTIONS.rateLimit,
      OPTIONS.newIdsLimit,
      OPTIONS.newProjectsLimit,
      OPTIONS.newValuesLimit,
      OPTIONS.keyRateLimit,
      OPTIONS.projectRateLimit,
      OPTIONS.projectNewIdsLimit,
    ].map(({ flag, fallback }) => ({ flag: flag ?? '', fallback })),
  )('of the page are the defaults: --$flag', ({ flag, fallback }) => {
    expect(toNumber(cellsOf(PAGE, `\`--${flag}\``)[1])).toBe(fallback);
  });
});
