/** The texts of a badge. */
export interface BadgeTexts {
  readonly label: string;
  readonly message: string;
}

const HEIGHT = 20;
const PADDING = 6;
const MARK_WIDTH = 20;

/** The width of a text in DejaVu Sans of 11 px, as far as a badge needs it: it is fitted to it. */
const widthOf = (text: string): number =>
  Math.ceil([...text].reduce((sum, character) => sum + widthOfCharacter(character), 0));

function widthOfCharacter(character: string): number {
  if (/[\u2e80-\uffef]/.test(character)) return 11;
  if (/[MWmw@%—]/.test(character)) return 10;
  if (/[iIjl.,:;'|!()[\] ]/.test(character)) return 4;
  return 7;
}

/** Draws a badge that reads well on light and dark pages, without script and without other files. */
export function drawBadge({ label, message }: BadgeTexts): string {
  const [labelWidth, messageWidth] = [widthOf(label), widthOf(message)];
  const left = MARK_WIDTH + labelWidth + 2 * PADDING;
  const width = left + messageWidth + 2 * PADDING;
  const text = (content: string, x: number, textLength: number): string =>
    `<text x="${x}" y="14" textLength="${textLength}">${escape(content)}</text>`;
  const whole = escape(`${label}: ${message}`);
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${HEIGHT}" role="img" aria-label="${whole}">` +
    `<title>${whole}</title>` +
    `<clipPath id="r"><rect width="${width}" height="${HEIGHT}" rx="3"/></clipPath>` +
    `<g clip-path="url(#r)"><path fill="#44524c" d="M0 0h${left}v${HEIGHT}H0z"/>` +
    `<path fill="#136c55" d="M${left} 0h${width - left}v${HEIGHT}H${left}z"/></g>` +
    '<g transform="translate(6 4) scale(.5)" fill="none" stroke="#fff" stroke-width="2.6" stroke-linecap="round">' +
    '<path d="M4 10v12M10 10v12M16 10v12M22 10v12M4 4.6v.01M10 4.6v.01M16 4.6v.01M22 4.6v.01M1.5 19.5 25.5 9.5"/></g>' +
    '<g fill="#fff" font-family="DejaVu Sans,Verdana,Geneva,sans-serif" font-size="11">' +
    text(label, MARK_WIDTH + PADDING, labelWidth) +
    text(message, left + PADDING, messageWidth) +
    '</g></svg>'
  );
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
};

const escape = (text: string): string =>
  text.replace(/[&<>"]/g, (character) => ESCAPES[character] ?? character);
