import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { deployFile } from './support/deploy-file.js';

const filesIn = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(join(folder, name)).isFile())
    .map((name) => name.split(sep).join('/'));

it('names each file of collector/deploy in a test that uses it', () => {
  const tests = fileURLToPath(new URL('./', import.meta.url));
  const sources = filesIn(tests)
    .filter((name) => name.endsWith('.ts'))
    .map((name) => readFileSync(join(tests, name), 'utf8'))
    .join('\n');
  const shipped = filesIn(deployFile(''));
  expect(shipped.length).toBeGreaterThan(0);
  const untouched = shipped.filter(
    (file) => !new RegExp(`['"\`/]${literal(file)}['"\`]`).test(sources),
  );
  expect(untouched).toEqual([]);
});

const literal = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
