import { readFileSync } from 'node:fs';

const DOCS = readFileSync(
  new URL('../../../docs/collector/proxies.md', import.meta.url),
  'utf8',
).replaceAll(/\s+/g, ' ');

const [, listed = ''] = /headers that begin with `X-Forwarded`, and (.*?)\./.exec(DOCS) ?? [];

/** Headers by which the manual says that a request was passed on, in lower case. */
export const FORWARDED: readonly string[] = [
  ...['', '-For', '-Host', '-Proto', '-By', '-Port', '-Server', '-Ssl', '-Scheme'].map(
    (rest) => `X-Forwarded${rest}`,
  ),
  ...[...listed.matchAll(/`([\w-]+)`/g)].map(([, name = '']) => name),
].map((name) => name.toLowerCase());
