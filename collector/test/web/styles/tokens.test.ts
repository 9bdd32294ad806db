import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const CSS = readFileSync(new URL('../../../web/styles/tokens.css', import.meta.url), 'utf8');

/** The tokens that a rule sets, by its selector. */
function tokensOf(selector: string): readonly string[] {
  const start = CSS.indexOf(`${selector} {`);
  expect([selector, start]).not.toEqual([selector, -1]);
  const body = CSS.slice(CSS.indexOf('{', start) + 1, CSS.indexOf('}', start));
  return body
    .split(';')
    .map((line) => line.replace(/\s+/g, ' ').trim())
    .filter((line) => line !== '');
}

it('dark is the same by the wish of the system and by choice', () => {
  const chosen = tokensOf(":root[data-theme='dark']");
  expect(chosen.length).toBeGreaterThan(30);
  expect(tokensOf(":root:not([data-theme='light'])")).toEqual(chosen);
});
