import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { tempFolder } from './temp-folder.js';

const repo = fileURLToPath(new URL('../../', import.meta.url));

/** This package as built, with code of the test's before the sender's own. */
export function packageWith(code: string): string {
  const folder = join(tempFolder('package'), 'headcount');
  cpSync(join(repo, 'dist'), join(folder, 'dist'), { recursive: true });
  cpSync(join(repo, 'package.json'), join(folder, 'package.json'));
  const sender = join(folder, 'dist', 'sender.cjs');
  const [mark = '', ...rest] = readFileSync(sender, 'utf8').split('\n');
  writeFileSync(sender, [mark, code, ...rest].join('\n'));
  return folder;
}
