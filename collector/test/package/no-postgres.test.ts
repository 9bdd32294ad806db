import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CLI } from '../support/built.js';

const dist = dirname(CLI);

/** What a built file imports before it runs, by the names as they are written. */
const importsOf = (file: string): string[] =>
  [
    ...readFileSync(join(dist, file), 'utf8').matchAll(
      /^(?:import|export|\})[^'"]*["']([^"']+)["'];$/gm,
    ),
  ].flatMap(([, name]) => name ?? []);

const files = readdirSync(dist).filter((name) => name.endsWith('.js'));

const isClient = (name: string): boolean => name === 'pg' || name.startsWith('pg/');

describe('without a store on PostgreSQL', () => {
  it('nothing of its client is needed: one file imports it, which no other loads at its start', () => {
    const using = files.filter((file) => importsOf(file).some(isClient));
    expect(using).toEqual([expect.stringMatching(/^open-postgres-store-\w+\.js$/)]);
    const loading = files.filter((file) => importsOf(file).includes(`./${using[0]}`));
    expect(loading).toEqual([]);
    const { dependencies, peerDependenciesMeta } = JSON.parse(
      readFileSync(join(dist, '..', 'package.json'), 'utf8'),
    ) as Readonly<Record<string, Readonly<Record<string, unknown>>>>;
    expect(dependencies).not.toHaveProperty('pg');
    expect(peerDependenciesMeta).toEqual({ pg: { optional: true } });
  });
});
