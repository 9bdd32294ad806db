import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { WINDOWS_TOOLS, windowsEnv } from '../support/windows-tools.js';

/** Installs what is missing. What cannot be had fails the whole run: nothing is skipped. */
export default function setup(): () => void {
  const script = fileURLToPath(new URL('../../scripts/install-windows-tools.sh', import.meta.url));
  execFileSync('sh', [script, WINDOWS_TOOLS], { stdio: ['ignore', 'ignore', 'inherit'] });
  return () => {
    try {
      execFileSync('/usr/lib/wine/wineserver64', ['-k'], { env: windowsEnv, stdio: 'ignore' });
    } catch {
      return; // it has ended by itself
    }
  };
}
