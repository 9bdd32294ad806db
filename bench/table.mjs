// @ts-check

/**
 * @typedef {import('./section.mjs').Row} Row
 * @typedef {import('./section.mjs').Column} Column
 */

/**
 * A section's rows as a Markdown table, aligned so that it can be read as it is.
 *
 * @param {readonly Column[]} columns
 * @param {readonly Row[]} rows
 */
export function renderTable(columns, rows) {
  const head = columns.flatMap(({ label, p99, ratio }) => [
    label,
    ...(p99 ? ['p99'] : []),
    ...(ratio ? ['ratio'] : []),
  ]);
  const body = rows.map((row) => {
    const base = rows.find(({ isBase, group }) => isBase && group === row.group);
    const cells = columns.flatMap((column) => {
      const metric = row.metrics[column.key];
      return [
        showMetric(metric, column),
        ...(column.p99 ? [showP99(metric, column)] : []),
        ...(column.ratio ? [showRatio(row, base, column.key)] : []),
      ];
    });
    return [row.label, ...cells];
  });
  return renderGrid([['', ...head], ...body]);
}

/** @param {readonly (readonly string[])[]} lines the head first; all but the first column right-aligned */
export function renderGrid([head = [], ...body]) {
  const widths = head.map((_, column) =>
    Math.max(3, ...[head, ...body].map((cells) => (cells[column] ?? '').length)),
  );
  /** @param {readonly string[]} cells */
  const line = (cells) =>
    `| ${widths
      .map((width, column) =>
        column === 0 ? (cells[column] ?? '').padEnd(width) : (cells[column] ?? '').padStart(width),
      )
      .join(' | ')} |`;
  const rule = widths.map((width, column) =>
    column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`,
  );
  return [line(head), `| ${rule.join(' | ')} |`, ...body.map(line)].join('\n');
}

/** @param {Row['metrics'][string] | undefined} metric @param {Column} column */
function showMetric(metric, { digits = 0, plain }) {
  if (metric === null || metric === undefined) return '–';
  if (typeof metric === 'string') return metric;
  if (typeof metric === 'number') return showNumber(metric, digits);
  const { median, min, max } = metric;
  if (plain || min === max) return showNumber(median, digits);
  return `${showNumber(median, digits)} (${showNumber(min, digits)}–${showNumber(max, digits)})`;
}

/** @param {Row['metrics'][string] | undefined} metric @param {Column} column */
const showP99 = (metric, { digits = 0 }) =>
  typeof metric === 'object' && metric ? showNumber(metric.p99, digits) : '–';

/** Digits after the point of a thousand and more are noise. @param {number} value @param {number} digits */
const showNumber = (value, digits) => value.toFixed(Math.abs(value) < 1000 ? digits : 0);

/** @param {Row} row @param {Row | undefined} base @param {string} key */
function showRatio(row, base, key) {
  const [own, other] = [medianOf(row.metrics[key]), medianOf(base?.metrics[key])];
  if (own === undefined || !other) return '–';
  return (own / other).toFixed(2);
}

/** @param {Row['metrics'][string] | undefined} metric */
export function medianOf(metric) {
  if (typeof metric === 'number') return metric;
  return typeof metric === 'object' && metric !== null ? metric.median : undefined;
}
