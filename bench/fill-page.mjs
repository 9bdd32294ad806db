// @ts-check
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { renderTable } from './table.mjs';

const MARKED = /(<!-- bench:(\w+) -->\n)[^]*?(<!-- \/bench -->)/g;

/**
 * Puts results into a page of docs/, between its marks <!-- bench:NAME --> and <!-- /bench -->. With
 * `--check` on the command line it changes nothing and fails where they differ.
 *
 * @param {string} page
 * @param {(name: string) => string} render
 * @param {string} hint what to do where they differ
 */
export async function fillPage(page, render, hint) {
  const file = fileURLToPath(new URL(`../docs/${page}`, import.meta.url));
  const before = readFileSync(file, 'utf8');
  const filled = before.replace(
    MARKED,
    (_, open, name, close) => `${open}\n${render(name)}\n\n${close}`,
  );
  const after = await format(filled, { ...(await resolveConfig(file)), parser: 'markdown' });
  if (!process.argv.includes('--check')) {
    writeFileSync(file, after);
  } else if (after !== before) {
    console.error(`docs/${page} differs from ${hint}`);
    process.exitCode = 1;
  }
}

/**
 * A section's table, with what was measured, when and where.
 *
 * @param {import('./results.mjs').SectionResult | undefined} result
 * @param {string} [legend] how a figure is to be read
 */
export function renderSection(result, legend = '') {
  if (!result) return 'Not measured yet.';
  const { note, measured, columns, rows } = result;
  const { machine } = measured;
  return `${note}

${renderTable(columns, rows)}

${legend}\`${measured.command}\`, ${measured.date.slice(0, 10)}, headcount
${measured.headcount}; ${machine.cpu}, ${machine.cores} cores, ${machine.memoryGb} GB, ${machine.kernel},
Node ${machine.node}; load average ${measured.load} before it began.`;
}
