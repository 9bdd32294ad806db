import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const DOCS = fileURLToPath(new URL('../../docs/', import.meta.url));
/** The address that all pages name, in the place of the reader's own. */
const ADDRESS = 'https://stats.acme.dev';

/** A block of code, with the line before it that may name its file. */
const BLOCK = /^(?:`(?<before>[^`\n]+)`:\n\n)?```(?<kind>\w+)\n(?<text>[^]*?)^```$/gm;
/** The file that a comment in the first line names, after the line for the shell. */
const NAMED = /^(?:#!.*\n)?(?:\/\/|#) ([\w./-]+)\n/;

/** A page with its code as its reader has it, but the collector's address. */
export class Page {
  readonly text: string;

  constructor(path: string, address = ADDRESS) {
    this.text = readFileSync(`${DOCS}${path}`, 'utf8').replaceAll(ADDRESS, address);
  }

  /** The files that the page names, with their texts. */
  files(): Record<string, string> {
    const named = [...this.text.matchAll(BLOCK)].flatMap(({ groups }) => {
      const name = groups?.['before'] ?? NAMED.exec(groups?.['text'] ?? '')?.[1];
      return name === undefined ? [] : [[name, groups?.['text'] ?? ''] as const];
    });
    return Object.fromEntries(named);
  }

  /** The block of commands that has these words. */
  commands(words: string): string {
    const found = [...this.text.matchAll(BLOCK)].find(
      ({ groups }) => groups?.['kind'] === 'sh' && groups['text']?.includes(words),
    );
    if (found?.groups?.['text'] === undefined) throw new Error(`No commands with ${words}`);
    return found.groups['text'];
  }
}
