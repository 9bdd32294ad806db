// `npm run docs:configuration`: writes the options into docs/collector/configuration.md, relay.md and the
// collector's README, between their marks. With --check it changes nothing and fails where they differ.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { format, resolveConfig } from 'prettier';

const root = fileURLToPath(new URL('../', import.meta.url));
// Inside of node_modules, so that what is built finds the packages.
const folder = path.join(root, 'node_modules/.cache/headcount-docs');
mkdirSync(folder, { recursive: true });
const outfile = path.join(folder, `configuration-page-${process.pid}.mjs`);
await build({
  entryPoints: [path.join(root, 'build/configuration/configuration-page.ts')],
  alias: { 'headcount/wire': path.join(root, 'src/wire.ts') },
  ...{ bundle: true, format: 'esm', platform: 'node', target: 'node20', packages: 'external' },
  outfile,
});
const { renderCommonOptions, renderOptions, renderRelayOptions } = await import(
  pathToFileURL(outfile).href
);

for (const [page, text] of [
  ['docs/collector/configuration.md', renderOptions()],
  ['collector/README.md', renderCommonOptions()],
  ['docs/collector/relay.md', renderRelayOptions()],
]) {
  const file = path.join(root, page);
  const before = readFileSync(file, 'utf8');
  const filled = before.replace(
    /(<!-- options -->\n)[^]*(<!-- \/options -->)/,
    (_, open, close) => `${open}\n${text}\n\n${close}`,
  );
  const after = await format(filled, { ...(await resolveConfig(file)), parser: 'markdown' });
  if (before === after) continue;
  if (process.argv.includes('--check')) {
    console.error(`${page} differs from the options: npm run docs:configuration`);
    process.exitCode = 1;
  } else {
    writeFileSync(file, after);
  }
}
