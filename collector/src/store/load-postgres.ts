import { loadWithClient } from './load-with-client.js';
import type * as Postgres from './postgres/open-postgres-store.js';

/** Loads what speaks to PostgreSQL: nothing of it is needed where the counts are in the data folder. */
export const loadPostgres = (): Promise<typeof Postgres> =>
  loadWithClient(
    () => import('./postgres/open-postgres-store.js'),
    'pg',
    'A store on PostgreSQL needs its client, the package pg, beside headcount-collector. In its folder: npm install pg@8; ' +
      'after npm install -g: npm install -g pg@8; with npx: npx -p headcount-collector -p pg@8 headcount-collector …',
  );
