// Writes dist/bundled.js, the entry that package.json shows only to bundlers: a bundler that makes one
// file of an app loses sender.cjs, so this entry contains its text.
import { readFileSync, writeFileSync } from 'node:fs';
import { brotliCompressSync, constants } from 'node:zlib';

const dist = new URL('../dist/', import.meta.url);
const sender = readFileSync(new URL('sender.cjs', dist));
const packed = brotliCompressSync(sender, {
  params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY },
});

writeFileSync(
  new URL('bundled.js', dist),
  `export * from './index.js';
globalThis[Symbol.for('headcount/sender')] = () => "${packed.toString('base64')}";
`,
);
