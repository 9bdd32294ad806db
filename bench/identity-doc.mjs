// @ts-check
// `npm run bench:identity:doc`: puts bench/results/identity.json into docs/identity.md, between its
// marks. `--check` changes nothing and fails where they differ.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { renderIdentityTable } from './identity/table.mjs';
import { pageFile, writePage } from './write-page.mjs';

const file = pageFile('identity.md');
const results = fileURLToPath(new URL('./results/identity.json', import.meta.url));
const { command, rows } = JSON.parse(readFileSync(results, 'utf8'));

const filled = readFileSync(file, 'utf8').replace(
  /(<!-- identity -->\n)[^]*?(<!-- \/identity -->)/,
  (_, open, close) => `${open}\n${renderIdentityTable(rows)}\n\n\`${command}\`\n\n${close}`,
);
const after = await format(filled, { ...(await resolveConfig(file)), parser: 'markdown' });
writePage('identity.md', after, 'bench/results/identity.json: bench:identity:doc');
