import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
const read = (page: string): string => readFileSync(join(root, page), 'utf8');

/** The text under a heading, until the next one. */
function section(page: string, heading: string): string {
  const [, text = ''] = read(page).split(`\n## ${heading}\n`);
  return text.split(/\n## /)[0] ?? '';
}

/** The rows of a table whose second cell names tests. */
const rowsOf = (text: string): [promise: string, tests: string[]][] =>
  [...text.matchAll(/^\| (.+?) +\| (`[^|]+`) +\|$/gm)].map(([, promise = '', tests = '']) => [
    promise,
    [...tests.matchAll(/`([^`]+)`/g)].map(([, test = '']) => test),
  ]);

const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ').trim();
/** What the points of a list begin with, in bold. */
const leads = (text: string): string[] =>
  [...text.matchAll(/^- \*\*([^*]+)\*\*/gm)].map(([, lead = '']) => oneLine(lead));

/** The sentences of a paragraph that begins with a bold name. */
function sentences(text: string, name: string): string[] {
  const [, paragraph = ''] = text.split(`**${name}.** `);
  return oneLine(paragraph.split('\n\n')[0] ?? '').split(/(?<=\.) /);
}

const security = section('SECURITY.md', 'What is promised');
const MADE: Record<string, string[]> = {
  'Of the client': rowsOf(section('README.md', 'What it promises')).map(([promise]) => promise),
  'Of the client, about security': sentences(security, 'Client'),
  'Of the collector': leads(section('collector/README.md', 'What it promises')),
  'Of the collector, about security': sentences(security, 'Collector'),
  'Of the relay': leads(section('docs/collector/relay.md', 'What it promises')),
};
const LEAST_IN_EACH = 5;

describe('the page of promises', () => {
  it.each(Object.entries(MADE))('has each promise, word by word: %s', (heading, promises) => {
    expect(promises.length).toBeGreaterThanOrEqual(LEAST_IN_EACH);
    const listed = rowsOf(section('docs/promises.md', heading)).map(([promise]) => promise);
    expect(listed).toEqual(promises);
  });

  it('names for each at least one test that exists', () => {
    const rows = rowsOf(read('docs/promises.md'));
    expect(rows).toHaveLength(Object.values(MADE).flat().length);
    const missing = rows.flatMap(([, tests]) =>
      tests.filter((test) => !test.endsWith('.test.ts') || !existsSync(join(root, test))),
    );
    expect(missing).toEqual([]);
  });

  it('names the test that the README names', () => {
    const tests = new Map(rowsOf(section('docs/promises.md', 'Of the client')));
    for (const [promise, [test]] of rowsOf(section('README.md', 'What it promises'))) {
      expect(tests.get(promise), promise).toContain(test);
    }
  });
});
