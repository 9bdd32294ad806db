// Writes dist/bundled.js, the entry that package.json shows to bundlers alone: a bundler that makes
// one file of an app leaves its parts behind, so this entry brings their texts
// along, packed.
import { readFileSync, writeFileSync } from 'node:fs';
import { brotliCompressSync, constants } from 'node:zlib';

const dist = new URL('../dist/', import.meta.url);

const packed = (part) => {
  const text = readFileSync(new URL(`${part}.cjs`, dist));
  const [, build] = /^\/\*! headcount \w+ (.+?) \*\//.exec(text.toString('utf8', 0, 100));
  const params = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY };
  const lines = brotliCompressSync(text, { params })
    .toString('base64')
    .match(/.{1,380}/g);
  return { build, code: `() => [\n${lines.map((line) => `'${line}'`).join(',\n')}\n].join('')` };
};

const parts = Object.fromEntries(
  ['setup', 'exit', 'deferred', 'sender'].map((part) => [part, packed(part)]),
);
writeFileSync(
  new URL('bundled.js', dist),
  `export * from './index.js';
globalThis[Symbol.for('headcount/parts ${parts.sender.build}')] = {
${Object.entries(parts)
  .map(([part, { code }]) => `${part}: ${code},`)
  .join('\n')}
};
`,
);
