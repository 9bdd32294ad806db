import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { getDocument, type OpenapiDocument } from '../support/openapi.js';
import { shareCollector } from '../support/share-collector.js';
import { type Code, codeLines, codeSpans } from './pages.js';

const collector = shareCollector();

interface Asked extends Code {
  /** `undefined` where only the path is named. */
  readonly method: string | undefined;
  readonly path: string;
}

/** Paths of pages, which browsers ask. */
const PAGE = /^\/(p|public|sign-in|your-data)(\/|$)/;

const METHODS = 'GET|POST|PUT|PATCH|DELETE';

/** The routes that a text names, such as `GET /v1/logs`, or asks by curl. */
function routesIn({ page, text }: Code): Asked[] {
  const named = [...text.matchAll(new RegExp(`\\b(${METHODS}) (/[^\\s'"\`?|,;]*)`, 'g'))];
  if (named.length > 0) {
    return named.map(([, method, path = '']) => ({ page, text, method, path }));
  }
  const alone = /^(\/(?:v1\/|livez|readyz|health|metrics|stats|logs\b)[^\s'"?]*)/.exec(text)?.[1];
  if (alone !== undefined) return [{ page, text, method: undefined, path: alone }];
  if (!/^(?:\$ )?(?:watch |\w+=\S+ )?curl\b/.test(text)) return [];
  const url = /(?:localhost|127\.0\.0\.1|\$C\b|[\w.-]+\.acme\.dev)(?::\d+)?(\/[^\s'"?]*)/.exec(
    text,
  )?.[1];
  const posts = / (?:-d|--data\S*|--json)[ =]/.test(text) ? 'POST' : 'GET';
  const method = new RegExp(`-X ?(${METHODS})`).exec(text)?.[1] ?? posts;
  return url === undefined ? [] : [{ page, text, method, path: url }];
}

const asked = [...codeLines(), ...codeSpans()]
  .flatMap(routesIn)
  // `/v1/stats/…` stands for several. Pages are no part of the API.
  .filter(({ path }) => !path.includes('…') && !path.includes('<') && !PAGE.test(path));

/** Whether a document has a route. A name in braces or behind a colon stands for any part. */
function hasRoute({ paths }: OpenapiDocument, { method, path }: Asked): boolean {
  const plain = path.replace(/^\/headcount(?=\/)/, '').replace(/(?<=.)\/$/, '');
  return Object.entries(paths).some(([known, operations]) => {
    // A path without a method may stand for all routes below it.
    if (method === undefined && known.startsWith(`${plain}/`)) return true;
    const [wanted, given] = [known.split('/'), plain.split('/')];
    const isSame =
      wanted.length === given.length &&
      wanted.every((part, at) => part === given[at] || (part.startsWith('{') && given[at] !== ''));
    return isSame && (method === undefined || method.toLowerCase() in operations);
  });
}

describe('routes in the documents', () => {
  it('are found', () => {
    expect(asked.length).toBeGreaterThan(150);
    expect(asked.filter(({ text }) => text.includes('curl')).length).toBeGreaterThan(20);
  });

  it('are in the OpenAPI document', async () => {
    const document = await getDocument(collector());
    // The address that the first client has, and the document itself.
    const others = ['/openapi.json', '/?action=statistics'];
    const wrong = asked.filter((one) => !hasRoute(document, one) && !others.includes(one.path));
    expect(
      wrong.map(({ page, text, method = '', path }) => `${page}: ${text}: ${method} ${path}`),
    ).toEqual([]);
  });
});

describe('variables in the documents', () => {
  const root = fileURLToPath(new URL('../../../', import.meta.url));
  const sources = ['src', 'collector/src', 'collector/deploy'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.name.endsWith('.md'))
      .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8')),
  );
  const known = new Set(sources.flatMap((text) => text.match(/\bHEADCOUNT_[A-Z_]+/g) ?? []));
  // An option's variable is made of its flag.
  const retention = /^HEADCOUNT_KEEP_[A-Z]+$/;

  it('are read somewhere', () => {
    const named = [...codeLines(), ...codeSpans()].flatMap(({ page, text }) =>
      [...text.matchAll(/\bHEADCOUNT_[A-Z_]*[A-Z]/g)].map(([variable]) => ({ page, variable })),
    );
    expect(named.length).toBeGreaterThan(100);
    const wrong = named.filter(
      ({ variable }) =>
        !known.has(variable.replace(/_FILE$/, '')) &&
        !known.has(variable) &&
        !retention.test(variable),
    );
    expect(wrong).toEqual([]);
  });
});
