import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import type { Plugin } from 'esbuild';

/**
 * Leaves out of the sender what a POST of a string never runs: HTTP/2 (`allowH2` is off), bodies of
 * `FormData`, most of the parser's constants, and one of two copies of the HTTP parser. undici has
 * it as WebAssembly with and without SIMD; the latter runs everywhere. build/README.md has the
 * figures. Also leaves out undici's diagnostics channels: in the host's thread, programs that watch
 * an app add headers to every request by them.
 */
export const leanUndici: Plugin = {
  name: 'lean-undici',
  setup(build) {
    build.onResolve({ filter: /llhttp_simd-wasm\.js$/ }, ({ path: file, resolveDir }) => ({
      path: path.resolve(resolveDir, file.replace('_simd', '')),
    }));
    const leftOut = /\/(client-h2|web\/fetch\/body)(\.js)?$/;
    build.onResolve({ filter: leftOut }, ({ path: file }) => ({
      path: file,
      namespace: 'left-out',
    }));
    build.onLoad({ filter: /llhttp\/constants\.js$/ }, ({ path: file }) => ({
      contents: constantsOf(file),
    }));
    build.onLoad({ filter: /undici\/lib\/core\/diagnostics\.js$/ }, () => ({
      contents: SILENT_CHANNELS,
    }));
    build.onLoad({ filter: /llhttp-wasm\.js$/ }, ({ path: file }) => ({ contents: packed(file) }));
    build.onLoad({ filter: /.*/, namespace: 'left-out' }, ({ path: file }) => ({
      contents: `module.exports = function () { throw Object.assign(new Error('left out of the sender: ${file}'), { code: 'UNSUPPORTED' }) }`,
    }));
  },
};

/** For every name, a channel that nobody listens to. */
const SILENT_CHANNELS = `const silent = { hasSubscribers: false, publish() {} };
module.exports = { channels: new Proxy({}, { get: () => silent }) };`;

/** The constants that the HTTP/1 client uses. The others are tables of methods and states. */
function constantsOf(file: string): string {
  // The cast: a CommonJS module of plain objects.
  const { ERROR, TYPE } = createRequire(file)(file) as Record<string, unknown>;
  if (ERROR === undefined || TYPE === undefined) throw new Error(`${file}: other names than known`);
  return `module.exports = ${JSON.stringify({ ERROR, TYPE })};`;
}

/** A module that exports the bytes which undici's file has as base64. */
function packed(file: string): string {
  const [, base64] = /'([A-Za-z0-9+/=]{1000,})'/.exec(readFileSync(file, 'utf8')) ?? [];
  if (base64 === undefined) throw new Error(`${file}: no WebAssembly was found in it`);
  const bytes = brotliCompressSync(Buffer.from(base64, 'base64'), {
    params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY },
  });
  return `module.exports = require('node:zlib').brotliDecompressSync(
  require('node:buffer').Buffer.from('${bytes.toString('base64')}', 'base64'),
);`;
}
