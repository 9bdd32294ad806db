import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Installs what is missing. A tool that cannot be had fails the whole run: nothing is skipped. */
export default function setup(): void {
  for (const name of ['deploy-tools', 'postgres', 'redis']) {
    const path = `../../../scripts/install-${name}.sh`;
    const script = fileURLToPath(new URL(path, import.meta.url));
    execFileSync('sh', [script], { stdio: ['ignore', 'ignore', 'inherit'] });
  }
}
