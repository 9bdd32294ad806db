import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../', import.meta.url));

/** Names a build by its version and source: a part of one build is never run by another. */
export function buildName(): string {
  const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
    version: string;
  };
  const hash = createHash('sha256');
  const sources = readdirSync(path.join(root, 'src'), { recursive: true, encoding: 'utf8' });
  for (const file of sources.filter((name) => name.endsWith('.ts')).sort()) {
    hash.update(file).update(readFileSync(path.join(root, 'src', file)));
  }
  return `${version} ${hash.digest('hex').slice(0, 12)}`;
}

/** How the file of a part begins; see src/host/platform/package-part.ts. */
export const partMark = (part: 'setup' | 'exit' | 'deferred' | 'sender'): string =>
  `/*! headcount ${part} ${buildName()} */`;
