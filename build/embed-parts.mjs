// Writes dist/parts.cjs, the texts of the parts, packed: a bundler that makes one file of an app leaves
// the files of the parts behind. dist/bundled.js, the entry for bundlers, imports it, and index.cjs
// requires it where the files are missing, as index.js reads it. It neither imports nor exports, so that it is both an ES
// module and CommonJS.
import { readFileSync, writeFileSync } from 'node:fs';
import { brotliCompressSync, constants } from 'node:zlib';

const dist = new URL('../dist/', import.meta.url);

/** 85 characters that stand in a string for themselves: four bytes are five of them. */
const DIGITS = `${[...'0123456789', ...'abcdefghijklmnopqrstuvwxyz', ...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'].join('')}.-:+=^!/*?&<>()[]{}@%;#`;

/** The digits of brotli, in lines that break where the rest of dist does. */
function packed(text) {
  const params = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY };
  const bytes = brotliCompressSync(text, { params });
  const words = Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)]);
  let digits = '';
  for (let at = 0; at < words.length; at += 4) {
    let word = words.readUInt32BE(at);
    let five = '';
    for (let nth = 0; nth < 5; nth += 1) {
      five = DIGITS[word % 85] + five;
      word = Math.floor(word / 85);
    }
    digits += five;
  }
  // A backslash before the end of a line continues a string.
  return `unpack(${bytes.length}, '\\\n${digits.match(/.{1,380}/g).join('\\\n')}')`;
}

/** The bytes of digits. Written into parts.cjs, so that only what needs it has it. */
const UNPACK = `(length, text) => {
  const bytes = new Uint8Array(Math.ceil(length / 4) * 4);
  const view = new DataView(bytes.buffer);
  for (let at = 0; at < text.length; at += 5) {
    let word = 0;
    for (let nth = at; nth < at + 5; nth += 1) word = word * 85 + digits.indexOf(text[nth]);
    view.setUint32((at / 5) * 4, word);
  }
  return bytes.subarray(0, length);
}`;

const textOf = (part) => readFileSync(new URL(`${part}.cjs`, dist), 'utf8');
const [, build] = /^\/\*! headcount \w+ (.+?) \*\//.exec(textOf('sender'));
// Together they take less: they have much in common.
const parts = Object.fromEntries(
  ['setup', 'exit', 'deferred', 'sender'].map((part) => [part, textOf(part)]),
);
writeFileSync(
  new URL('parts.cjs', dist),
  `/*! headcount parts ${build} */
(() => {
const digits = '${DIGITS}';
const unpack = ${UNPACK};
const read = () => {
  const { brotliDecompressSync } = process.getBuiltinModule('node:zlib');
  return JSON.parse(brotliDecompressSync(${packed(JSON.stringify(parts))}).toString('utf8'));
};
let parts;
globalThis[Symbol.for('headcount/parts ${build}')] = (name) => (parts ??= read())[name];
})();
`,
);
writeFileSync(new URL('bundled.js', dist), "import './parts.cjs';\nexport * from './index.js';\n");
