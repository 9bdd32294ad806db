import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { tempFolder } from '../support/temp-folder.js';

const repo = fileURLToPath(new URL('../../', import.meta.url));
const ENTRIES = ['', '/cli', '/edge', '/storages', '/testing', '/vscode', '/wire'];

/** What the compiler says about an app of both forms that uses every entry. */
function complaints(lib: readonly string[]): string[] {
  const app = tempFolder('types');
  const installed = join(app, 'node_modules', 'headcount');
  mkdirSync(installed, { recursive: true });
  cpSync(join(repo, 'package.json'), join(installed, 'package.json'));
  cpSync(join(repo, 'dist'), join(installed, 'dist'), { recursive: true });
  const all = ENTRIES.map((entry) => `export * as e${entry.slice(1)} from 'headcount${entry}';`);
  // What an app hands in as `fetch` is what it uses of it.
  const more = `import { createHeadcount } from 'headcount/edge';
    const options = { project: 'acme', version: '1', endpoint: 'https://stats.acme.dev' } as const;
    createHeadcount({ ...options, fetch: async (_url, { body }: { body?: unknown } = {}) => { throw body; } });`;
  const files = ['app.mts', 'app.cts'].map((name) => join(app, name));
  for (const file of files) writeFileSync(file, `${all.join('\n')}\n${more}`);
  const program = ts.createProgram(files, {
    ...{ module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext },
    ...{ target: ts.ScriptTarget.ES2022, lib: lib.map((name) => `lib.${name}.d.ts`), types: [] },
    ...{ strict: true, noEmit: true, skipLibCheck: false },
  });
  return ts
    .getPreEmitDiagnostics(program)
    .map(({ file, messageText }) => `${file?.fileName ?? ''}: ${JSON.stringify(messageText)}`);
}

describe('the types', () => {
  it.each([[['es2022']], [['es2022', 'dom']]])('need nothing but %s', (lib) => {
    expect(complaints(lib)).toEqual([]);
  });
});
