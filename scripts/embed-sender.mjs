// Writes what "#sender-source" resolves to: the sender's text for bundlers, nothing for the runtime,
// which has sender.cjs itself.
import { readFileSync, writeFileSync } from 'node:fs';
import { brotliCompressSync, constants } from 'node:zlib';

const dist = new URL('../dist/', import.meta.url);
const sender = readFileSync(new URL('sender.cjs', dist));
const packed = brotliCompressSync(sender, {
  params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY },
});

writeFileSync(
  new URL('sender-source.js', dist),
  `export const senderSource = () => "${packed.toString('base64')}";\n`,
);
writeFileSync(new URL('no-sender-source.js', dist), 'export const senderSource = undefined;\n');
writeFileSync(new URL('no-sender-source.cjs', dist), 'exports.senderSource = undefined;\n');
