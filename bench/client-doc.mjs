// @ts-check
// `npm run bench:client:doc`: puts the results into docs/performance.md, between its marks
// <!-- bench:NAME --> and <!-- /bench -->. `--check` changes nothing and fails where they differ.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { checkPromises } from './promises.mjs';
import { readResults } from './results.mjs';
import { renderGrid, renderTable } from './table.mjs';

const MARKED = /(<!-- bench:(\w+) -->\n)[^]*?(<!-- \/bench -->)/g;
const file = fileURLToPath(new URL('../docs/performance.md', import.meta.url));
const results = readResults();

/** @param {string} name */
function renderSection(name) {
  const result = results[name];
  if (!result) return 'Not measured yet.';
  const { note, measured, columns, rows } = result;
  const { machine } = measured;
  return `${note}

${renderTable(columns, rows)}

Median (least–greatest). \`${measured.command}\`, ${measured.date.slice(0, 10)}, headcount
${measured.headcount}; ${machine.cpu}, ${machine.cores} cores, ${machine.memoryGb} GB, ${machine.kernel},
Node ${machine.node}; load average ${measured.load} before it began.`;
}

function renderPromises() {
  const lines = checkPromises(results).map(({ figure, unit, atMost, measured }) => [
    figure,
    `${atMost} ${unit}`.trim(),
    measured === undefined ? '–' : `${Number(measured.toFixed(2))} ${unit}`.trim(),
    measured === undefined ? 'not measured' : measured <= atMost ? 'reached' : '**not reached**',
  ]);
  return renderGrid([['', 'at most', 'measured', ''], ...lines]);
}

const before = readFileSync(file, 'utf8');
const filled = before.replace(MARKED, (_, open, name, close) => {
  const text = name === 'promises' ? renderPromises() : renderSection(name);
  return `${open}\n${text}\n\n${close}`;
});
const after = await format(filled, { ...(await resolveConfig(file)), parser: 'markdown' });

if (!process.argv.includes('--check')) {
  writeFileSync(file, after);
} else if (after !== before) {
  console.error('docs/performance.md differs from bench/results/client.json: bench:client:doc');
  process.exitCode = 1;
}
