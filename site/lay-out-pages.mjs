import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { FILES, PAGES, REPOSITORY } from './pages.mjs';

/** Copies all pages and pictures to where the site has them. Their links are followed later. */
export function layOutPages() {
  rmSync(PAGES, { recursive: true, force: true });
  for (const [source, page] of FILES) {
    const to = join(PAGES, page);
    mkdirSync(dirname(to), { recursive: true });
    cpSync(join(REPOSITORY, source), to);
  }
}
