import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const SCRIPT = new URL('../../../../scripts/install-postgres.sh', import.meta.url);

/** Installs PostgreSQL where it is missing. */
export const installPostgres = (): void =>
  void execFileSync('sh', [fileURLToPath(SCRIPT)], { stdio: ['ignore', 'ignore', 'inherit'] });
