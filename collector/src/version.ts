import { readFileSync } from 'node:fs';
import { isRecord } from './is-record.js';

// package.json is one folder above src/ and dist/.
const packageJson: unknown = JSON.parse(
  readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
);

/** The version of this package, such as `0.1.0`. */
export const VERSION = isRecord(packageJson) ? String(packageJson['version']) : 'unknown';
