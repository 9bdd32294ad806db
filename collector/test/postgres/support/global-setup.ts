import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';
import { startCluster } from './cluster.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** The address of the cluster that all tests share. */
    readonly postgresUrl: string;
  }
}

/** Installs PostgreSQL where it is missing, and starts the cluster that all tests share. */
export default async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const path = '../../../../scripts/install-postgres.sh';
  const script = fileURLToPath(new URL(path, import.meta.url));
  execFileSync('sh', [script], { stdio: ['ignore', 'ignore', 'inherit'] });
  const cluster = await startCluster();
  provide('postgresUrl', cluster.url);
  return () => cluster.stop();
}
