// Writes dist/THIRD-PARTY-NOTICES.txt: the licences of the packages whose code the build put into
// its files, found in the lists that list-bundled.ts made.
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../', import.meta.url));
const dist = path.join(root, 'dist');
const lists = readdirSync(dist).filter((name) => /^bundled-.*\.json$/.test(name));

const folders = new Set();
for (const list of lists) {
  for (const input of JSON.parse(readFileSync(path.join(dist, list), 'utf8'))) {
    const [folder] = /node_modules\/(@[^/]+\/)?[^/]+/.exec(input) ?? [];
    if (folder) folders.add(folder);
  }
  rmSync(path.join(dist, list));
}
if (lists.length !== 7) throw new Error(`expected the lists of 7 bundles, found ${lists}`);

const notices = [...folders].sort().map((folder) => {
  const { name, version, license } = JSON.parse(
    readFileSync(path.join(root, folder, 'package.json'), 'utf8'),
  );
  const file = readdirSync(path.join(root, folder)).find((entry) => /^licen[cs]e/i.test(entry));
  const text = file ? readFileSync(path.join(root, folder, file), 'utf8').trim() : `${license}`;
  return `${name} ${version} (${license})\n\n${text}\n`;
});
writeFileSync(
  path.join(dist, 'THIRD-PARTY-NOTICES.txt'),
  `Code of these packages is part of the files in this folder.\n\n${notices.join(`\n${'-'.repeat(72)}\n\n`)}`,
);
