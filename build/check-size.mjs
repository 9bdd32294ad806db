// What the package promises of its size (docs/decisions/0006-delivery.md).
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const LIMITS = { 'main entry, minified': 59_000, 'package, unpacked': 500_000 };

const root = fileURLToPath(new URL('../', import.meta.url));
const { outputFiles } = await build({
  entryPoints: [`${root}dist/index.js`],
  bundle: true,
  minify: true,
  format: 'esm',
  platform: 'node',
  write: false,
});
const [packed] = JSON.parse(
  execFileSync('npm', ['pack', '--dry-run', '--json', '--silent'], { cwd: root, encoding: 'utf8' }),
);
const sizes = {
  'main entry, minified': outputFiles[0].contents.length,
  'package, unpacked': packed.unpackedSize,
};
for (const [name, bytes] of Object.entries(sizes)) {
  const limit = LIMITS[name];
  console.log(`${bytes <= limit ? 'ok' : 'TOO LARGE'}: ${name}: ${bytes} B of ${limit} B`);
  if (bytes > limit) process.exitCode = 1;
}
