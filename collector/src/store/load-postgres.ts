import type * as Postgres from './postgres/open-postgres-store.js';

/** PostgreSQL's client is not installed, which is only needed where a store is shared. */
export class MissingClientError extends Error {
  override readonly name = 'MissingClientError';
}

/** Loads what speaks to PostgreSQL: nothing of it is needed where the counts are in the data folder. */
export async function loadPostgres(): Promise<typeof Postgres> {
  try {
    return await import('./postgres/open-postgres-store.js');
  } catch (cause) {
    if (!isMissing(cause)) throw cause;
    throw new MissingClientError(
      'A store on PostgreSQL needs its client: npm install pg@8, beside headcount-collector.',
      { cause },
    );
  }
}

const isMissing = (error: unknown): boolean =>
  error instanceof Error &&
  'code' in error &&
  error.code === 'ERR_MODULE_NOT_FOUND' &&
  error.message.includes("'pg'");
