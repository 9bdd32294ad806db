import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of the repository. */
export const REPOSITORY = fileURLToPath(new URL('../', import.meta.url));
/** Where the pages are laid out for the site's builder. */
export const PAGES = fileURLToPath(new URL('.pages/', import.meta.url));
/** The built site. */
export const SITE = fileURLToPath(new URL('dist/', import.meta.url));

/** Pages from outside of docs/, and where the site has them. */
const OTHER_PAGES = {
  'site/home.md': 'index.md',
  'README.md': 'overview.md',
  'collector/README.md': 'collector/reference.md',
  'ARCHITECTURE.md': 'architecture.md',
  'CHANGELOG.md': 'changes.md',
  'CONTRIBUTING.md': 'contributing.md',
  'SECURITY.md': 'security.md',
};

/** Where the site has a file of docs/; what is no page is answered as it is. */
const inSite = (path) =>
  path.endsWith('.md') ? path.replace(/(^|\/)README\.md$/, '$1index.md') : `public/${path}`;

const docs = readdirSync(join(REPOSITORY, 'docs'), { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => join(entry.parentPath, entry.name).slice(join(REPOSITORY, 'docs/').length))
  .sort();

/** Where the site has each file that it takes from the repository: pages and pictures, by their paths. */
export const FILES = new Map([
  ...Object.entries(OTHER_PAGES),
  ...docs.map((path) => [`docs/${path}`, inSite(path)]),
]);

/** The path in the repository of a page of the site; undefined for a generated one. */
export const SOURCES = new Map([...FILES].map(([source, page]) => [page, source]));
