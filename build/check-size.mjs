// Fails if a file that every program loads, or the package, is larger than its limit
// (docs/decisions/0006-delivery.md, docs/decisions/0020-host-path.md).
import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

// Of the package, 10 kB are for the README, which describes the dashboard and its demo, 20 kB for entries
// that no other one loads (headcount/storages, headcount/vscode), and 90 kB for headcount/testing and
// `headcount check`, which no program loads.
const LIMITS = {
  'dist/index.js': 35_800,
  'dist/edge.js': 5_000,
  'dist/edge-storages.js': 1_000,
  'package, unpacked': 760_000,
};

const root = fileURLToPath(new URL('../', import.meta.url));
const [packed] = JSON.parse(
  execFileSync('npm', ['pack', '--dry-run', '--json', '--silent'], { cwd: root, encoding: 'utf8' }),
);
const sizes = {
  'dist/index.js': statSync(`${root}dist/index.js`).size,
  'dist/edge.js': statSync(`${root}dist/edge.js`).size,
  'dist/edge-storages.js': statSync(`${root}dist/edge-storages.js`).size,
  'package, unpacked': packed.unpackedSize,
};
for (const [name, bytes] of Object.entries(sizes)) {
  const limit = LIMITS[name];
  console.log(`${bytes <= limit ? 'ok' : 'TOO LARGE'}: ${name}: ${bytes} B of ${limit} B`);
  if (bytes > limit) process.exitCode = 1;
}
