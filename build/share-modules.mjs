// Lets the ES modules share the types of the CommonJS ones, which tsup writes a second time:
// an ES module may re-export from a CommonJS module, not the other way round.
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const dist = fileURLToPath(new URL('../dist/', import.meta.url));
const files = readdirSync(dist);

for (const file of files.filter((name) => name.endsWith('.d.ts'))) {
  const name = file.replace(/\.d\.ts$/, '');
  if (files.includes(`${name}.d.cts`)) {
    writeFileSync(path.join(dist, file), `export * from './${name}.cjs';\n`);
  } else rmSync(path.join(dist, file)); // a part that only the others imported
}

// The same for the code of what nobody starts often.
for (const name of ['cli', 'wire', 'vscode']) {
  const names = Object.keys(await import(new URL(`../dist/${name}.js`, import.meta.url)));
  writeFileSync(
    path.join(dist, `${name}.js`),
    `export { ${names.join(', ')} } from './${name}.cjs';\n`,
  );
  // By this dead code Node.js learns the names; esbuild writes it for its platform node alone.
  const file = path.join(dist, `${name}.cjs`);
  const code = readFileSync(file, 'utf8');
  if (!code.includes('0&&(module.exports=')) {
    writeFileSync(file, `${code}0&&(module.exports={${names.join(',')}});\n`);
  }
}
