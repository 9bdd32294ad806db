import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { FAULT_TOOLS } from '../support/fault-tools.js';

/** Installs what is missing. A tool that cannot be had fails the whole run: nothing is skipped. */
export default function setup(): void {
  const script = fileURLToPath(new URL('../../scripts/install-fault-tools.sh', import.meta.url));
  execFileSync('sh', [script, FAULT_TOOLS], { stdio: ['ignore', 'ignore', 'inherit'] });
}
