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

describe('nothing of a client is needed without what it is for', () => {
  it.each([
    ['pg', 'a store on PostgreSQL', /^open-postgres-store-\w+\.js$/],
    ['@redis/client', 'a cache between collectors', /^redis-link-\w+\.js$/],
  ])(
    'of %s without %s: one file imports it, which no other loads at its start',
    (client, _, file) => {
      const isClient = (name: string): boolean => name === client || name.startsWith(`${client}/`);
      const using = files.filter((name) => importsOf(name).some(isClient));
      expect(using).toEqual([expect.stringMatching(file)]);
      const loading = files.filter((name) => importsOf(name).includes(`./${using[0]}`));
      expect(loading).toEqual([]);
      const { dependencies, peerDependenciesMeta } = JSON.parse(
        readFileSync(join(dist, '..', 'package.json'), 'utf8'),
      ) as Readonly<Record<string, Readonly<Record<string, unknown>>>>;
      expect(dependencies).not.toHaveProperty([client]);
      expect(peerDependenciesMeta?.[client]).toEqual({ optional: true });
    },
  );
});
