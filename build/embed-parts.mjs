// Writes dist/bundled.js, the entry that package.json shows to bundlers alone: a bundler that makes
// one file of an app leaves its parts behind, so this entry brings their texts
// along, packed.
import { readFileSync, writeFileSync } from 'node:fs';
import { brotliCompressSync, constants } from 'node:zlib';

const dist = new URL('../dist/', import.meta.url);

/** Base64 of brotli, in lines that break where the rest of dist does. */
function packed(text) {
  const params = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY };
  const lines = brotliCompressSync(text, { params })
    .toString('base64')
    .match(/.{1,380}/g);
  return `() => '${lines.join('\\\n')}'`; // a backslash before the end of a line continues a string
}

const textOf = (part) => readFileSync(new URL(`${part}.cjs`, dist), 'utf8');
const [, build] = /^\/\*! headcount \w+ (.+?) \*\//.exec(textOf('sender'));
// Together the host's parts take less: they have much in common.
const host = Object.fromEntries(['setup', 'exit', 'deferred'].map((part) => [part, textOf(part)]));
writeFileSync(
  new URL('bundled.js', dist),
  `export * from './index.js';
globalThis[Symbol.for('headcount/parts ${build}')] = {
host: ${packed(JSON.stringify(host))},
sender: ${packed(textOf('sender'))},
};
`,
);
