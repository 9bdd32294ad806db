// @ts-check
import { readFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';
import { renderTable } from './table.mjs';
import { pageFile, writePage } from './write-page.mjs';

const MARKED = /(<!-- bench:([\w-]+) -->\n)[^]*?(<!-- \/bench -->)/g;

/**
 * Puts results into a page of docs/, between its marks <!-- bench:NAME --> and <!-- /bench -->.
 *
 * @param {string} page
 * @param {(name: string) => string} render
 * @param {string} hint what to do where they differ
 */
export async function fillPage(page, render, hint) {
  const file = pageFile(page);
  const before = readFileSync(file, 'utf8');
  const filled = before.replace(
    MARKED,
    (_, open, name, close) => `${open}\n${render(name)}\n\n${close}`,
  );
  const after = await format(filled, { ...(await resolveConfig(file)), parser: 'markdown' });
  writePage(page, after, hint);
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
Node ${(measured.nodes ?? [machine.node]).join(' and ')}; load average ${measured.load} before it began.`;
}
