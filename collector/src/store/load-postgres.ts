import { loadWithClient } from './load-with-client.js';
import type * as Postgres from './postgres/open-postgres-store.js';

/** Loads what speaks to PostgreSQL: nothing of it is needed where the counts are in the data folder. */
export const loadPostgres = (): Promise<typeof Postgres> =>
  loadWithClient(
    () => import('./postgres/open-postgres-store.js'),
    'pg',
    'A store on PostgreSQL needs its client: npm install pg@8, beside headcount-collector.',
  );
