import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { MATRIX_TOOLS } from '../matrix/tools.js';

const repo = fileURLToPath(new URL('../../', import.meta.url));

/**
 * Installs what is missing, and builds the site, which fails on a dead link. What cannot be had fails the
 * whole run: nothing is skipped.
 */
export default function setup(): void {
  const run = (command: string, ...args: string[]): unknown =>
    execFileSync(command, args, { cwd: repo, stdio: ['ignore', 'ignore', 'inherit'] });
  run('sh', 'scripts/install-browser-tools.sh');
  run('sh', 'scripts/install-matrix-tools.sh', MATRIX_TOOLS);
  run('npm', 'run', '--silent', 'docs');
}
