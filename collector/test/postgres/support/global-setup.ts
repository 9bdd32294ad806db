import type { TestProject } from 'vitest/node';
import { startCluster } from './cluster.js';
import { installPostgres } from './install-postgres.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** The address of the cluster that all tests share. */
    readonly postgresUrl: string;
  }
}

/** Starts the cluster that all tests share. */
export default async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  installPostgres();
  const cluster = await startCluster();
  provide('postgresUrl', cluster.url);
  return () => cluster.stop();
}
