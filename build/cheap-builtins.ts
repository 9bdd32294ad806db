import { readFileSync } from 'node:fs';
import type { Plugin } from 'esbuild';

/** What is imported by name. One that is missing here fails the build, as esbuild has it. */
const NAMES: Readonly<Record<string, readonly string[]>> = {
  'node:buffer': ['Buffer', 'atob'],
  'node:timers': ['clearTimeout', 'setImmediate', 'setTimeout'],
  'node:url': ['URL', 'fileURLToPath'],
};

/**
 * What is called of a module that Node itself does not load at start: loaded by the first call. One
 * that is missing here fails the build, by {@link unknownCalls}.
 */
const CALLS: Readonly<Record<string, readonly string[]>> = {
  'node:os': ['homedir', 'hostname', 'release', 'tmpdir', 'userInfo'],
};

/**
 * Takes Node's modules by `process.getBuiltinModule()` instead of by `import`. For an import, Node.js
 * builds a module record with all exports; for the `require` of a CommonJS build, esbuild copies all
 * of them. Every start of every program would pay for that.
 */
export const cheapBuiltins: Plugin = {
  name: 'cheap-builtins',
  setup(build) {
    build.onResolve({ filter: /^node:/ }, ({ path }) => ({ path, namespace: 'builtin' }));
    build.onLoad({ filter: /.*/, namespace: 'builtin' }, ({ path }) => ({
      contents: moduleOf(path),
    }));
    build.onLoad({ filter: /\.[cm]?[jt]s$/, namespace: 'file' }, ({ path }) => {
      const errors = unknownCalls(readFileSync(path, 'utf8'));
      return errors.length > 0 ? { errors: errors.map((text) => ({ text })) } : undefined;
    });
  },
};

/** What a file calls of the default import of one of these modules that is not listed for it. */
function unknownCalls(code: string): string[] {
  return Object.entries(CALLS).flatMap(([module, names]) => {
    const imported = new RegExp(`import (\\w+) from ["']${module}["']`).exec(code)?.[1];
    if (imported === undefined) return [];
    const called = code.matchAll(new RegExp(`\\b${imported}\\.(\\w+)`, 'g'));
    return [...called].flatMap(([call, name = '']) =>
      names.includes(name) ? [] : [`${call} of ${module} is not in build/cheap-builtins.ts`],
    );
  });
}

function moduleOf(path: string): string {
  const builtin =
    path === 'node:process' ? 'process' : `process.getBuiltinModule(${JSON.stringify(path)})`;
  const calls = CALLS[path]?.map((name) => `${name}: () => ${builtin}.${name}(),`);
  if (calls) return `export default { ${calls.join(' ')} };`;
  return [
    `const builtin = ${builtin};`,
    'export default builtin;',
    `export const { ${(NAMES[path] ?? []).join(', ')} } = builtin;`,
  ].join('\n');
}
