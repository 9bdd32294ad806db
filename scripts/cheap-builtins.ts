import type { Plugin } from 'esbuild';

/** What is imported by name. One that is missing here fails the build. */
const NAMES: Readonly<Record<string, readonly string[]>> = {
  'node:buffer': ['Buffer', 'atob'],
  'node:timers': ['clearTimeout', 'setImmediate', 'setTimeout'],
  'node:url': ['URL', 'fileURLToPath'],
};

/** What is called of a module that Node itself does not load at start: loaded by the first call. */
const CALLS: Readonly<Record<string, readonly string[]>> = {
  'node:os': ['homedir', 'hostname', 'release', 'tmpdir', 'userInfo'],
};

/**
 * Takes Node's own modules by `process.getBuiltinModule()` instead of by `import`. An import of
 * one makes the runtime build a module record with all its exports, and the `require` that a CommonJS
 * build makes of it copies all of them: about 1 ms each, which every start of every program would
 * pay.
 */
export const cheapBuiltins: Plugin = {
  name: 'cheap-builtins',
  setup(build) {
    build.onResolve({ filter: /^node:/ }, ({ path }) => ({ path, namespace: 'builtin' }));
    build.onLoad({ filter: /.*/, namespace: 'builtin' }, ({ path }) => ({
      contents: moduleOf(path),
    }));
  },
};

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
