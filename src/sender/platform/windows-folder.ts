import { anyCase } from '../../platform/any-case.js';
import type { Env } from '../../platform/platform.js';

/** A drive and a folder. A relative path would lead into the working folder. */
const ABSOLUTE = /^[a-z]:[\\/]/i;

/** Windows' own folder, such as `C:\Windows`. */
export function windowsFolder(env: Env): string {
  const folder = anyCase(env, 'SYSTEMROOT') ?? '';
  return ABSOLUTE.test(folder) ? folder : 'C:\\Windows';
}
