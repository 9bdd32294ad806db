import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const read = (page: string): string =>
  readFileSync(new URL(`../../docs/${page}`, import.meta.url), 'utf8');

/** A section of a page: its heading, and the text under it. */
const sectionsOf = (page: string): [heading: string, text: string][] =>
  read(page)
    .split(/\n## /)
    .slice(1)
    .map((section) => {
      const [heading = '', ...lines] = section.split('\n');
      return [heading, lines.join('\n')];
    });

type Row = Record<string, string>;

/** The first table of a text, each row by the names of its columns. */
function table(text: string): Row[] {
  const [head = [], , ...rows] = (/(?:^\|.*\n)+/m.exec(text)?.[0] ?? '')
    .trim()
    .split('\n')
    .map((line) => line.slice(1, -1).split('|'))
    .map((cells) => cells.map((cell) => cell.trim()));
  return rows.map((cells) => Object.fromEntries(head.map((name, at) => [name, cells[at] ?? ''])));
}

const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(' ', '-');

/** The table that a section of the comparison says it was taken from. */
function sourceOf(text: string): Row[] {
  const [, page = '', anchor = ''] = /\[How it was \w+\]\(([\w-]+\.md)#([\w-]+)\)/.exec(text) ?? [];
  const [, source = ''] = sectionsOf(page).find(([heading]) => anchorOf(heading) === anchor) ?? [];
  return table(source);
}

const median = (cell: string): string => cell.replace(/ \(.*\)$/, '');
const isFrom = (row: Row, source: Row): boolean =>
  Object.entries(row).every(([name, cell]) =>
    [source[name], median(source[name] ?? '')].includes(cell),
  );

describe('the comparison with others', () => {
  it.each(sectionsOf('comparison.md'))('has only figures that were measured: %s', (_, text) => {
    const rows = table(text);
    const source = sourceOf(text);
    expect(rows.length).toBeGreaterThan(1);
    expect(rows.filter((row) => !source.some((measured) => isFrom(row, measured)))).toEqual([]);
  });
});
