// @ts-check
// `npm run bench:identity:doc`: puts bench/results/identity.json into docs/identity.md, between its
// marks. `--check` changes nothing and fails where they differ.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { renderIdentityTable } from './identity/table.mjs';

const file = fileURLToPath(new URL('../docs/identity.md', import.meta.url));
const results = fileURLToPath(new URL('./results/identity.json', import.meta.url));
const { command, rows } = JSON.parse(readFileSync(results, 'utf8'));

const before = readFileSync(file, 'utf8');
const filled = before.replace(
  /(<!-- identity -->\n)[^]*?(<!-- \/identity -->)/,
  (_, open, close) => `${open}\n${renderIdentityTable(rows)}\n\n\`${command}\`\n\n${close}`,
);
const after = await format(filled, { ...(await resolveConfig(file)), parser: 'markdown' });

if (!process.argv.includes('--check')) {
  writeFileSync(file, after);
} else if (after !== before) {
  console.error('docs/identity.md differs from bench/results/identity.json: bench:identity:doc');
  process.exitCode = 1;
}
