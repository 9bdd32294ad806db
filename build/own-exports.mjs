// Makes the exports of dist's CommonJS files independent of Object.prototype. The code that esbuild
// writes for them reads inherited names, so one property that any package adds to Object.prototype
// makes `require('headcount')`, or the loading of a part, throw.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';

const dist = new URL('../dist/', import.meta.url);

for (const name of readdirSync(dist).filter((file) => file.endsWith('.cjs'))) {
  const file = new URL(name, dist);
  const code = readFileSync(file, 'utf8');
  const changed = code
    .replace(
      /for\(var ([\w$]+) in ([\w$]+)\)([\w$]+)\(([\w$]+),\1,\{get:\2\[\1\],/g,
      'for(var $1 of Object.keys($2))$3($4,$1,{__proto__:null,get:$2[$1],',
    )
    .replace(
      /\{get:\(\)=>([\w$]+)\[([\w$]+)\],enumerable:/g,
      '{__proto__:null,get:()=>$1[$2],enumerable:',
    )
    .replace(/"__esModule",\{value:/g, '"__esModule",{__proto__:null,value:');
  const count = changed.split('{__proto__:null,').length - code.split('{__proto__:null,').length;
  if (count < 3) throw new Error(`${name}: the exports that esbuild writes have another form`);
  writeFileSync(file, changed);
}
