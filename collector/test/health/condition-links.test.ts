import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { CONDITION_NAMES, hintOf, linkOf } from '../../src/health/conditions.js';

const read = (path: string): string =>
  readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');

/** The paragraphs of a page by the anchors of their headings, as GitHub makes them. */
function paragraphs(text: string): Map<string, string> {
  const parts = text.split(/^#{2,4} /m).slice(1);
  return new Map(
    parts.map((part) => {
      const [heading = '', ...rest] = part.split('\n');
      const anchor = heading
        .toLowerCase()
        .replaceAll(/[^\w -]/g, '')
        .replaceAll(' ', '-');
      return [anchor, rest.join('\n').trim()];
    }),
  );
}

const known = paragraphs(read('docs/collector/troubleshooting.md'));

it.each(CONDITION_NAMES)(
  'has a paragraph with check and fix, to which its hint leads: %s',
  (name) => {
    const [page, anchor = ''] = linkOf(name).split('#');
    expect(page).toMatch(/\/docs\/collector\/troubleshooting\.md$/);
    const paragraph = known.get(anchor) ?? '';
    expect(paragraph).toMatch(/\*\*Check:?\*\*[^]*\*\*[Ff]ix:?\*\*/);
    expect(hintOf(name)).toContain(linkOf(name));
  },
);

it('is told in the page of health, if it is a warning', () => {
  const text = read('docs/collector/health.md');
  for (const name of CONDITION_NAMES) expect(text).toContain(`${name}`);
});

it('links only to paragraphs that are there', () => {
  const pages = ['troubleshooting.md', 'health.md'];
  for (const page of pages) {
    const text = read(`docs/collector/${page}`);
    for (const [, target = page, anchor = ''] of text.matchAll(/\]\(([\w-]+\.md)?#([\w-]+)\)/g)) {
      const there = paragraphs(read(`docs/collector/${target || page}`));
      expect([page, target, anchor, there.has(anchor)]).toEqual([page, target, anchor, true]);
    }
  }
});
