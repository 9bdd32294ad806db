import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/** A text of a page that is set as code, and the page. */
export interface Code {
  readonly page: string;
  readonly text: string;
}

function pagesBelow(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md') && !name.includes('node_modules'))
    .map((name) => join(folder, name));
}

/** What operators read. Decisions and the change log tell of their own time. */
export const OPERATORS_PAGES: readonly string[] = [
  ...['README.md', 'collector/README.md', 'docs/privacy.md', 'docs/collector-performance.md'],
  ...pagesBelow('docs/collector'),
  ...pagesBelow('collector/deploy'),
].sort();

export const readPage = (page: string): string => readFileSync(join(ROOT, page), 'utf8');

const BLOCK = /^( *)```(\w*)[^\n]*\n([^]*?)^ *```$/gm;

/** The lines of all blocks of code, those that end with a backslash joined with the next. */
export function codeLines(): Code[] {
  return OPERATORS_PAGES.flatMap((page) =>
    [...readPage(page).matchAll(BLOCK)].flatMap(([, , , text = '']) =>
      text
        .replaceAll(/\\\n\s*/g, ' ')
        .split('\n')
        .map((line) => ({ page, text: line.trim() })),
    ),
  );
}

/** The texts between backticks. */
export function codeSpans(): Code[] {
  return OPERATORS_PAGES.flatMap((page) =>
    [
      ...readPage(page)
        .replaceAll(BLOCK, '')
        .matchAll(/`([^`]+)`/g),
    ].map(([, text = '']) => ({
      page,
      text: text.replaceAll(/\s+/g, ' '),
    })),
  );
}
