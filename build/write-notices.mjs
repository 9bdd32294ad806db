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
if (lists.length !== 11) throw new Error(`expected the lists of 11 bundles, found ${lists}`);

/** The packages by their licence's words: those of one licence differ in the copyright alone. */
const byWords = new Map();
for (const folder of [...folders].sort()) {
  const { name, version, license } = JSON.parse(
    readFileSync(path.join(root, folder, 'package.json'), 'utf8'),
  );
  const file = readdirSync(path.join(root, folder)).find((entry) => /^licen[cs]e/i.test(entry));
  const text = file ? readFileSync(path.join(root, folder, file), 'utf8').trim() : `${license}`;
  const paragraphs = text.split(/\r?\n\s*\r?\n/).map((paragraph) => paragraph.trim());
  const isWords = (paragraph) => !/^(the )?(MIT|ISC) licen[cs]e|^copyright/i.test(paragraph);
  const words = paragraphs.filter(isWords).join('\n\n');
  const key = `${license} ${words.replace(/\W+/g, ' ')}`;
  const copyrights = paragraphs.filter((paragraph) => /^copyright/i.test(paragraph)).join('\n');
  const known = byWords.get(key) ?? { license, words, packages: [] };
  known.packages.push(`${name} ${version}\n${copyrights}`.trim());
  byWords.set(key, known);
}
const notices = [...byWords.values()].map(
  ({ license, words, packages }) => `${packages.join('\n\n')}\n\n${license}\n\n${words}\n`,
);
writeFileSync(
  path.join(dist, 'THIRD-PARTY-NOTICES.txt'),
  `Code of these packages is part of the files in this folder.\n\n${notices.join(`\n${'-'.repeat(72)}\n\n`)}`,
);
