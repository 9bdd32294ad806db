import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { MATRIX_TOOLS } from './tools.js';

/** Installs what is missing. A tool that cannot be had fails the whole run: nothing is skipped. */
export default function setup(): void {
  const script = fileURLToPath(new URL('../../scripts/install-matrix-tools.sh', import.meta.url));
  execFileSync('sh', [script, MATRIX_TOOLS], { stdio: ['ignore', 'ignore', 'inherit'] });
}
