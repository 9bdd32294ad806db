import { statSync } from 'node:fs';
import { isOpenToOthers } from '../tls/read-pair.js';
import type { Diagnosis } from './diagnosis.js';
import { explainPathError } from './explain-path-error.js';

/** Examines who may read the private key of the collector. */
export function examineKey(path: string): Diagnosis {
  const what = 'private key';
  try {
    const { mode } = statSync(path);
    const bits = (mode & 0o777).toString(8).padStart(3, '0');
    if (!isOpenToOthers(mode)) {
      return { what, state: 'ok', text: `${path} is not for other users, mode ${bits}.` };
    }
    const text =
      `Every user of this machine can read ${path} (mode ${bits}): chmod 600 ${path}, ` +
      'and have another key made if strangers use the machine.';
    return { what, state: 'warn', text };
  } catch (error) {
    return { what, state: 'fail', text: `${path}: ${explainPathError(error) ?? String(error)}.` };
  }
}
