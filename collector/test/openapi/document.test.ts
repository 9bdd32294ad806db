import { readFileSync } from 'node:fs';
import { Validator } from '@seriousme/openapi-schema-validator';
import { beforeAll, describe, expect, it } from 'vitest';
import { getDocument, type OpenapiDocument, operationsOf } from '../support/openapi.js';
import { shareCollector } from '../support/share-collector.js';

const shared = shareCollector();

let document: OpenapiDocument;

beforeAll(async () => {
  document = await getDocument(shared());
});

/** Every route of the server, as `GET /v1/users/{anonymous_id}`, but those of HEAD. */
function routesOf(tree: string): string[] {
  const parents: string[] = [];
  return tree.split('\n').flatMap((line) => {
    const [, indent = '', segment = '', methods = ''] =
      /^((?:[│ ] {3})*)[├└]── (\S+) \(([^)]+)\)$/.exec(line) ?? [];
    if (segment === '') return [];
    parents.length = indent.length / 4;
    const path = `${parents.join('')}${segment}`;
    parents.push(segment);
    return methods
      .split(', ')
      .filter((method) => method !== 'HEAD')
      .map((method) => `${method} ${path.replaceAll(/:(\w+)/g, '{$1}')}`);
  });
}

/** What browsers ask: pages, their files and their forms. They are no part of the API. */
const PAGES = /^(GET|POST) \/(assets|p|public|sign-in|sign-out|your-data)(\/|$)/;

describe('the OpenAPI document', () => {
  it('is OpenAPI 3.1', async () => {
    const validator = new Validator();
    expect(await validator.validate({ ...document })).toEqual({ valid: true });
    expect(validator.version).toBe('3.1');
  });

  it('has the routes that the server has, and no other', () => {
    const tree = shared().app.printRoutes({ commonPrefix: false });
    const routes = routesOf(tree);
    expect(routes).toContain('DELETE /v1/projects/{project}/manifest');
    const ofTheApi = routes.filter((route) => !PAGES.test(route));
    expect([...operationsOf(document).keys()].sort()).toEqual(ofTheApi.sort());
  });

  it('says of everything what it is', () => {
    const tags = document.tags.map(({ name }) => name);
    const operations = [...operationsOf(document)];
    for (const [name, operation] of operations) {
      expect([name, operation.summary]).toEqual([name, expect.stringMatching(/^[A-Z].*[^.]$/)]);
      expect(tags).toEqual(expect.arrayContaining([...operation.tags]));
      expect(operation.tags).toHaveLength(1);
      for (const parameter of operation.parameters ?? []) {
        expect([name, parameter]).toEqual([
          name,
          expect.objectContaining({ description: expect.stringMatching(/\w/) as string }),
        ]);
      }
      for (const { description } of Object.values(operation.responses)) {
        expect([name, description]).not.toEqual([name, 'Default Response']);
      }
    }
    const ids = operations.map(([, { operationId }]) => operationId);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('has the endpoints that the README has, and no other', () => {
    const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
    const rows = readme
      .split('\n')
      .filter((line) => /^\| `(GET|POST|PUT|PATCH|DELETE) /.test(line));
    const listed = rows.flatMap((row) =>
      [...(row.split(' | ')[0] ?? '').matchAll(/`([A-Z]+) ([^`?]+)[^`]*`/g)].map(
        ([, method, path]) => `${method} ${path}`,
      ),
    );
    expect(listed.sort()).toEqual([...operationsOf(document).keys()].sort());
  });
});
