import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
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

/** The files that load another before they run. */
const loading = (file: string): string[] =>
  files.filter((name) => importsOf(name).includes(`./${file}`));

it('needs no client of PostgreSQL without a store on it: one file imports it, which no other loads at its start', () => {
  const isClient = (name: string): boolean => name === 'pg' || name.startsWith('pg/');
  const using = files.filter((name) => importsOf(name).some(isClient));
  expect(using).toEqual([expect.stringMatching(/^open-postgres-store-\w+\.js$/)]);
  expect(using.flatMap(loading)).toEqual([]);
  const { dependencies, peerDependenciesMeta } = JSON.parse(
    readFileSync(join(dist, '..', 'package.json'), 'utf8'),
  ) as Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  expect(dependencies).not.toHaveProperty('pg');
  expect(peerDependenciesMeta?.['pg']).toEqual({ optional: true });
});

it('loads nothing that speaks to Redis without a cache between collectors', () => {
  const speaking = files.filter((name) => /^redis-link-\w+\.js$/.test(name));
  expect(speaking).toHaveLength(1);
  expect(speaking.flatMap(loading)).toEqual([]);
});
