import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, posix } from 'node:path';

const ATTRIBUTES = /<[a-z][^>]*?\s(?:href|src)="([^"]*)"/g;
const IDS = /\sid="([^"]+)"/g;
const ENTITIES = { '&amp;': '&', '&#39;': "'", '&quot;': '"' };

const readable = (text) => text.replaceAll(/&(?:amp|#39|quot);/g, (entity) => ENTITIES[entity]);
const matches = (text, pattern) => [...text.matchAll(pattern)].map(([, found]) => readable(found));

/** The file of a built site that a plain web server answers for a path; undefined if there is none. */
function fileOf(folder, path) {
  const file = join(folder, path);
  if (!existsSync(file)) return undefined;
  if (!statSync(file).isDirectory()) return file;
  return existsSync(join(file, 'index.html')) ? join(file, 'index.html') : undefined;
}

/** Every link within a built site to a page, file or anchor that is not there. */
export function findDeadLinks(folder, base = '/') {
  const pages = readdirSync(folder, { recursive: true }).filter((path) => path.endsWith('.html'));
  const texts = new Map(pages.map((page) => [page, readFileSync(join(folder, page), 'utf8')]));
  const idsOf = new Map();
  const hasAnchor = (file, anchor) => {
    if (!idsOf.has(file)) idsOf.set(file, new Set(matches(readFileSync(file, 'utf8'), IDS)));
    return idsOf.get(file).has(decodeURIComponent(anchor));
  };

  function faultOf(page, link) {
    const [target, anchor] = link.split('#');
    if (/^[a-z]+:|^\/\//.test(target)) return undefined;
    if (target.startsWith('/') && !target.startsWith(base)) return `is not below ${base}`;
    const path = target.startsWith('/')
      ? target.slice(base.length)
      : posix.join(posix.dirname(page), target);
    const file = target === '' ? join(folder, page) : fileOf(folder, decodeURIComponent(path));
    if (file === undefined) return 'does not exist';
    if (!anchor || !file.endsWith('.html')) return undefined;
    return hasAnchor(file, anchor) ? undefined : 'has no such anchor';
  }

  return [...texts].flatMap(([page, text]) =>
    [...new Set(matches(text, ATTRIBUTES))].flatMap((link) => {
      const fault = faultOf(page, link);
      return fault === undefined ? [] : [{ page, link, fault }];
    }),
  );
}
