import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { WINDOWS_TOOLS, windowsEnv } from '../support/windows-tools.js';

/** Installs what is missing. What cannot be had fails the whole run: nothing is skipped. */
export default function setup(): () => void {
  const script = fileURLToPath(new URL('../../scripts/install-windows-tools.sh', import.meta.url));
  execFileSync('sh', [script, WINDOWS_TOOLS], { stdio: ['ignore', 'ignore', 'inherit'] });
  return () => {
    try {
      // It ends by itself, a few seconds after the last process of Windows.
      execFileSync('/usr/lib/wine/wineserver64', ['-w'], {
        env: windowsEnv,
        stdio: 'ignore',
        timeout: 30_000,
      });
    } catch {
      return; // another run of these tests uses it
    }
  };
}
