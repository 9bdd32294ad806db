import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PAGES } from '../pages.mjs';
import { publicEntries } from '../write-api.mjs';

/** A page by its own title, as it stands on the page. */
function item(page, text = titleOf(page)) {
  return { text, link: `/${page.replace(/index$/, '')}` };
}

function titleOf(page) {
  const [, title] = /^# (.+)$/m.exec(readFileSync(join(PAGES, `${page}.md`), 'utf8')) ?? [];
  if (title === undefined) throw new Error(`${page}.md has no title.`);
  return title.replaceAll(/[`*\\]/g, '');
}

const pagesIn = (folder) =>
  readdirSync(join(PAGES, folder))
    .filter((file) => file.endsWith('.md') && file !== 'index.md')
    .map((file) => join(folder, file.slice(0, -'.md'.length)))
    .sort();

/** The page of a public entry; one with types that it does not export has a folder. */
const apiPage = (name) =>
  existsSync(join(PAGES, 'api', `${name}.md`)) ? `api/${name}` : `api/${name}/index`;

const section = (text, pages) => ({
  text,
  items: pages.map((page) => (typeof page === 'string' ? item(page) : page)),
});

const PROJECT_PAGES = ['changes', 'architecture', 'contributing', 'security', 'performance'];

const guide = () => [
  section('Guide', [
    'first-ten-minutes',
    item('overview', 'Overview'),
    'runtimes',
    'testing',
    'privacy',
    'identity',
    'promises',
    'comparison',
  ]),
  section('Recipes', pagesIn('recipes')),
  section('Reference', [...pagesIn('reference'), 'protocol', 'clients']),
  section(
    'API, from the types',
    publicEntries().map(({ name }) => item(apiPage(name), name)),
  ),
];

const collector = () => [
  section('Collector', [
    item('collector/index', 'Manual'),
    item('collector/reference', 'README'),
    'collector-performance',
    'scale',
  ]),
  section(
    'Pages of the manual',
    pagesIn('collector').filter((page) => page !== 'collector/reference'),
  ),
];

const project = () => [
  section('Project', PROJECT_PAGES),
  section('Decisions', [item('decisions/index', 'All decisions'), ...pagesIn('decisions')]),
];

/**
 * What stands beside each page: the first path that it begins with decides. Folders list themselves, so
 * that a new page comes by itself.
 */
export const sidebar = () => ({
  '/collector': collector(),
  '/decisions/': project(),
  ...Object.fromEntries(PROJECT_PAGES.map((page) => [`/${page}`, project()])),
  '/': guide(),
});
