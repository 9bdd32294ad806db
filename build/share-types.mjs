// Lets the types of the ES modules be those of the CommonJS ones, which tsup writes a second time:
// an ES module may re-export from a CommonJS module, not the other way round.
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const dist = fileURLToPath(new URL('../dist/', import.meta.url));
const files = readdirSync(dist);

for (const file of files.filter((name) => name.endsWith('.d.ts'))) {
  const commonJs = file.replace(/\.d\.ts$/, '.cjs');
  if (files.includes(commonJs)) {
    writeFileSync(path.join(dist, file), `export * from './${commonJs}';\n`);
  } else rmSync(path.join(dist, file)); // a part that only the others imported
}
