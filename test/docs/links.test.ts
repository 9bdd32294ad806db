import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
const REPOSITORY = 'https://github.com/headcount-dev/headcount';
/** These are in the packages: npm's site does not know the files around them. */
const SHIPPED = ['README.md', 'collector/README.md'];
const SKIPPED = new Set(['node_modules', 'dist', 'results']);

function pagesBelow(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      return SKIPPED.has(entry.name) || entry.name.startsWith('.') ? [] : pagesBelow(path);
    }
    return entry.name.endsWith('.md') ? [path] : [];
  });
}

const pages = pagesBelow('.').sort();

const read = (page: string): string => readFileSync(join(root, page), 'utf8');
/** The text without code, which may hold brackets that are no links. */
const proseOf = (page: string): string =>
  read(page)
    .replaceAll(/^ *```[^]*?^ *```$/gm, '')
    .replaceAll(/`[^`\n]*`/g, '');

function linksIn(page: string): string[] {
  const prose = proseOf(page);
  const inline = [...prose.matchAll(/\]\(([^)\s]+)\)/g)];
  const defined = [...prose.matchAll(/^\[[^\]]+\]: (\S+)$/gm)];
  return [...inline, ...defined].map(([, target = '']) => target);
}

/** The anchors of a page's headings, as GitHub makes them. */
function anchorsIn(page: string): string[] {
  const withoutBlocks = read(page).replaceAll(/^ *```[^]*?^ *```$/gm, '');
  return [...withoutBlocks.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

/** What is wrong with a link to a file or folder of the repository. */
function faultOf(path: string, anchor: string | undefined): string | undefined {
  if (!existsSync(join(root, path))) return 'does not exist';
  if (anchor !== undefined && !anchorsIn(path).includes(anchor)) return 'has no such heading';
  return undefined;
}

function faultOfRelative(page: string, link: string): string | undefined {
  const [path = '', anchor] = link.split('#');
  return faultOf(path === '' ? page : join(dirname(page), path), anchor);
}

function faultOfAbsolute(link: string): string | undefined {
  const [, kind, path = '', anchor] =
    /^\/(blob|tree)\/main\/([^#]+)(?:#(.+))?$/.exec(link.slice(REPOSITORY.length)) ?? [];
  if (kind === undefined) return 'is none of a file or folder';
  const fault = faultOf(path, anchor);
  if (fault !== undefined) return fault;
  const isFolder = statSync(join(root, path)).isDirectory();
  return isFolder === (kind === 'tree') ? undefined : `is no ${kind}`;
}

const isAbsolute = (link: string): boolean => /^[a-z]+:/.test(link);

describe('the documents', () => {
  it('are found, with their links', () => {
    expect(pages).toEqual(expect.arrayContaining([...SHIPPED, 'docs/decisions/README.md']));
    for (const page of SHIPPED) expect(linksIn(page).length).toBeGreaterThan(1);
  });

  it.each(SHIPPED)('%s, which is shipped, has no relative link', (page) => {
    expect(linksIn(page).filter((link) => !isAbsolute(link) && !link.startsWith('#'))).toEqual([]);
  });

  it.each(pages)('%s links to files and headings that exist', (page) => {
    const faults = linksIn(page).flatMap((link) => {
      const fault = isAbsolute(link)
        ? link.startsWith(`${REPOSITORY}/`) && faultOfAbsolute(link)
        : faultOfRelative(page, link);
      return fault ? [`${link} ${fault}`] : [];
    });
    expect(faults).toEqual([]);
  });

  it.each(pages)('%s defines the links that it refers to, and no other', (page) => {
    const prose = proseOf(page);
    const names = (pattern: RegExp): string[] => [
      ...new Set([...prose.matchAll(pattern)].map(([, name = '']) => name.toLowerCase())),
    ];
    const defined = names(/^\[([^\]]+)\]: /gm);
    // `[text][name]`, or `[name]` alone: what follows `](` or stands before `[` is no reference.
    const used = names(/\[([^\]]+)\](?![[(:])/g);
    expect(used.sort()).toEqual(defined.sort());
  });

  it.each(pages)('%s names files that exist', (page) => {
    const named = [
      ...read(page).matchAll(/`((?:collector|src|test|bench|scripts)\/[\w./-]+)`/g),
    ].map(([, path = '']) => path);
    const isThere = (path: string): boolean =>
      ['', 'collector'].some((folder) => existsSync(join(root, folder, path)));
    expect(named.filter((path) => !isThere(path))).toEqual([]);
  });

  it('lists every page of the manual', () => {
    const files = readdirSync(join(root, 'docs/collector')).filter((file) => file !== 'README.md');
    const links = linksIn('docs/collector/README.md');
    expect(files.filter((file) => !links.includes(file))).toEqual([]);
  });

  it('lists every decision, and no other', () => {
    const files = readdirSync(join(root, 'docs/decisions')).filter((file) => /^\d{4}-/.test(file));
    const links = linksIn('docs/decisions/README.md');
    expect(links.filter((link) => /^\d{4}-/.test(link)).sort()).toEqual(files.sort());
  });
});

describe('the packages', () => {
  it.each(['package.json', 'collector/package.json'])('%s names the repository', (file) => {
    const { homepage, bugs, repository } = JSON.parse(read(file)) as {
      homepage: string;
      bugs: string;
      repository: { url: string };
    };
    expect(homepage.startsWith(REPOSITORY)).toBe(true);
    expect(bugs).toBe(`${REPOSITORY}/issues`);
    expect(repository.url).toBe(`git+${REPOSITORY}.git`);
  });
});
