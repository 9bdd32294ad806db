import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { deployFile } from './support/deploy-file.js';

const filesIn = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(join(folder, name)).isFile())
    .map((name) => name.split(sep).join('/'));

/** Files whose names are put together, and what the test that reads them has of it. */
const PUT_TOGETHER: Readonly<Record<string, string>> = {
  'docker/Dockerfile.dockerignore': '${DOCKERFILE}.dockerignore',
};

const quotes = (source: string, end: string): boolean =>
  ["'", '"', '`'].some((quote) => source.includes(`${end}${quote}`));

it('names each file of collector/deploy in a test that uses it', () => {
  const tests = fileURLToPath(new URL('./', import.meta.url));
  const sources = filesIn(tests)
    .filter((name) => name.endsWith('.ts') && name !== basename(import.meta.url))
    .map((name) => readFileSync(join(tests, name), 'utf8'));
  const isRead = (file: string, source: string): boolean =>
    quotes(source, file) ||
    // A test of a folder reads what it names in it, or all of it.
    (quotes(source, `deploy/${dirname(file)}`) &&
      (quotes(source, `'${basename(file)}`) || /readdirSync\(folder\)/i.test(source))) ||
    (PUT_TOGETHER[file] !== undefined && source.includes(PUT_TOGETHER[file]));
  const shipped = filesIn(deployFile(''));
  expect(shipped.length).toBeGreaterThan(0);
  expect(shipped.filter((file) => !sources.some((source) => isRead(file, source)))).toEqual([]);
});
