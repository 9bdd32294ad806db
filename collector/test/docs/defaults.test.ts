import { expect, it } from 'vitest';
import { ALL_OPTIONS, writeFallback } from '../../src/load-config.js';
import { OPERATORS_PAGES, readPage } from './pages.js';

interface Row {
  readonly page: string;
  readonly flag: string;
  readonly told: string;
}

const cellsOf = (line: string): string[] =>
  line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());

/** The rows about options in a page's tables that have a column for defaults. */
function rowsOf(page: string): Row[] {
  const tables = readPage(page).match(/(?:^ *\|.*\n)+/gm) ?? [];
  return tables.flatMap((table) => {
    const [head = '', , ...lines] = table.trim().split('\n');
    const column = cellsOf(head).indexOf('Default');
    if (column < 1) return [];
    return lines.map(cellsOf).flatMap((cells) => {
      const flag = /^\[?`--([a-z-]+)`/.exec(cells[0] ?? '')?.[1];
      return flag === undefined ? [] : [{ page, flag, told: cells[column] ?? '' }];
    });
  });
}

const rows = OPERATORS_PAGES.flatMap(rowsOf);

/** A default as pages tell it: `12 000`, `32 MiB`, none. */
function readDefault(told: string): string | undefined {
  const plain = told.replaceAll('`', '').replaceAll(/(?<=\d) (?=\d)/g, '');
  const [, mebibytes] = /^(\d+) MiB$/.exec(plain) ?? [];
  if (mebibytes !== undefined) return String(Number(mebibytes) * 2 ** 20);
  return plain === 'none' || plain === '' ? undefined : plain;
}

it('is told as it is, in every table of the manual', () => {
  // The default of these depends on the machine or on another option, and is told in words.
  const inWords = ['digest-from', 'metrics-port'];
  const byFlag = new Map(ALL_OPTIONS.map((option) => [option.flag, option]));
  const wrong = rows
    .filter(({ flag }) => !inWords.includes(flag))
    .flatMap(({ page, flag, told }) => {
      const option = byFlag.get(flag);
      if (option === undefined) return [`${page}: --${flag} does not exist`];
      if (option.toggle) return [];
      const real = writeFallback(option);
      return readDefault(told) === real ? [] : [`${page}: --${flag} is ${real}, not ${told}`];
    });
  expect(rows.length).toBeGreaterThan(30);
  expect(new Set(rows.map(({ page }) => page)).size).toBeGreaterThan(4);
  expect(wrong).toEqual([]);
});
