import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';
import { buildClients } from './build-clients.js';

/** Installs shells and compilers where they are missing, and builds the clients. */
export default function setUp(project: TestProject): () => void {
  const script = fileURLToPath(new URL('../../scripts/install-client-tools.sh', import.meta.url));
  execFileSync('sh', [script], { stdio: ['ignore', 'ignore', 'inherit'] });
  const folder = buildClients();
  project.provide('builtClients', folder);
  return () => rmSync(folder, { recursive: true });
}

declare module 'vitest' {
  interface ProvidedContext {
    /** The folder of the compiled clients. */
    builtClients: string;
  }
}
