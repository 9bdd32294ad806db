// @ts-check

/**
 * @typedef {object} Bar
 * @property {string} label
 * @property {number} value
 * @property {string} [shown] what is written beside it
 * @property {boolean} [isOwn] Headcount's
 *
 * @typedef {object} BarGroup
 * @property {string} title
 * @property {readonly Bar[]} bars
 */

const LABEL_PX = 250;
const PLOT_PX = 420;
const SHOWN_PX = 110;
const BAR_PX = 14;
const LINE_PX = 20;
const TITLE_PX = 30;

/**
 * Horizontal bars as an SVG, which says the same in light and dark pages. The scale is logarithmic:
 * what is compared here differs by a hundred times.
 *
 * @param {string} title
 * @param {readonly BarGroup[]} groups
 */
export function renderBarChart(title, groups) {
  const values = groups.flatMap(({ bars }) => bars.map(({ value }) => Math.max(value, 1e-9)));
  const least = 10 ** Math.floor(Math.log10(Math.min(...values)) - 1e-9);
  const decades = Math.log10(Math.max(...values) / least);
  /** @param {number} value */
  const lengthOf = (value) => Math.max(1, (Math.log10(value / least) / decades) * PLOT_PX);
  const parts = [text(title, { x: 0, y: 16, weight: 'bold' })];
  let y = TITLE_PX;
  for (const { title: of, bars } of groups) {
    parts.push(text(of, { x: 0, y: y + BAR_PX, weight: 'bold' }));
    y += LINE_PX;
    for (const { label, value, shown = shorten(value), isOwn } of bars) {
      const length = lengthOf(Math.max(value, least));
      parts.push(
        text(label, { x: LABEL_PX - 8, y: y + BAR_PX - 3, anchor: 'end' }),
        `<rect x="${LABEL_PX}" y="${y}" width="${length.toFixed(1)}" height="${BAR_PX}" rx="2" fill="${isOwn ? '#2f9e44' : '#868e96'}"/>`,
        text(shown, { x: Number((LABEL_PX + length + 6).toFixed(1)), y: y + BAR_PX - 3 }),
      );
      y += LINE_PX;
    }
    y += LINE_PX / 2;
  }
  const width = LABEL_PX + PLOT_PX + SHOWN_PX;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${y}" role="img" font-family="system-ui, sans-serif" font-size="12">`,
    `<title>${escape(title)}</title>`,
    '<style>text { fill: #343a40 } @media (prefers-color-scheme: dark) { text { fill: #dee2e6 } }</style>',
    ...parts,
    '</svg>\n',
  ].join('\n');
}

/**
 * @param {string} content
 * @param {{ x: number, y: number, anchor?: string, weight?: string }} at
 */
function text(content, { x, y, anchor, weight }) {
  const more = `${anchor ? ` text-anchor="${anchor}"` : ''}${weight ? ` font-weight="${weight}"` : ''}`;
  return `<text x="${x}" y="${y}"${more}>${escape(content)}</text>`;
}

/** @param {string} content */
const escape = (content) =>
  content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** @param {number} value */
const shorten = (value) =>
  value >= 100 ? String(Math.round(value)) : String(Number(value.toPrecision(2)));
