// @ts-check
// `npm run bench:identity [-- --installs N] [--seed N]`: the true number of people against what
// counting IDs gives, for Headcount and for three other ways.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { renderIdentityTable } from './identity/table.mjs';
import { simulate } from './identity/simulate.mjs';
import { WORLDS } from './identity/worlds.mjs';
import { createProgress } from './progress.mjs';

const { values } = parseArgs({
  options: {
    installs: { type: 'string', default: '100000' },
    seed: { type: 'string', default: '1' },
    out: {
      type: 'string',
      default: fileURLToPath(new URL('./results/identity.json', import.meta.url)),
    },
  },
});
const installs = Number(values.installs);
const seed = Number(values.seed);
if (!Number.isInteger(installs) || installs < 1 || !Number.isInteger(seed)) {
  console.error('--installs and --seed must be whole numbers, --installs at least 1.');
  process.exit(2);
}

const progress = createProgress();
const rows = [];
for (const world of WORLDS) {
  progress.section(world.name);
  progress.show(`${installs} installs`);
  rows.push(await simulate(world, installs, seed));
}
progress.done();
console.log(renderIdentityTable(rows));
const command = `npm run bench:identity -- --installs ${installs} --seed ${seed}`;
writeFileSync(values.out, `${JSON.stringify({ command, installs, seed, rows }, undefined, 2)}\n`);
