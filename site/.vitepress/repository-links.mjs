import { existsSync, statSync } from 'node:fs';
import { join, posix } from 'node:path';
import { FILES, REPOSITORY, SOURCES } from '../pages.mjs';

const GITHUB = 'https://github.com/headcount-dev/headcount';
const OF_REPOSITORY =
  /^https:\/\/(?:github\.com\/headcount-dev\/headcount\/(?:blob|tree)\/main|raw\.githubusercontent\.com\/headcount-dev\/headcount\/main)\/(.+)$/;

/** The path in the repository that a link of a page names; undefined if it leads elsewhere. */
function pathOf(link, source) {
  const [, absolute] = OF_REPOSITORY.exec(link) ?? [];
  if (absolute !== undefined) return absolute;
  if (/^[a-z]+:|^#|^\//.test(link)) return undefined;
  return posix.join(posix.dirname(source), link);
}

/** Where a page's link leads on the site: to a page or picture of it, else to the repository. */
function onSite(link, source, page) {
  const [target, anchor] = link.split('#');
  const path = target === '' ? undefined : pathOf(target, source)?.replace(/\/$/, '');
  if (path === undefined) return link;
  const suffix = anchor === undefined ? '' : `#${anchor}`;
  const found = FILES.get(path) ?? FILES.get(`${path}/README.md`);
  if (found?.startsWith('public/')) return found.slice('public'.length);
  if (found !== undefined) {
    const relative = posix.relative(posix.dirname(page), found);
    return (relative.startsWith('.') ? relative : `./${relative}`) + suffix;
  }
  const file = join(REPOSITORY, path);
  if (!existsSync(file)) throw new Error(`${source} links to ${link}, which does not exist.`);
  return `${GITHUB}/${statSync(file).isDirectory() ? 'tree' : 'blob'}/main/${path}${suffix}`;
}

/** Pages link to each other as files of the repository; this leads their links to the site's pages. */
export function repositoryLinks(md) {
  md.core.ruler.push('repository-links', ({ tokens, env }) => {
    const page = env.relativePath;
    const source = SOURCES.get(page);
    if (source === undefined) return;
    for (const token of tokens.flatMap(({ children }) => children ?? [])) {
      const name = { link_open: 'href', image: 'src' }[token.type];
      if (name === undefined) continue;
      token.attrSet(name, onSite(token.attrGet(name), source, page));
    }
  });
}
