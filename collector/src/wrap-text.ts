/** Columns of a terminal that a help may take. */
const COLUMNS = 80;

/**
 * Breaks a text into lines that fit.
 *
 * @param start - What the first line begins with.
 * @param indent - Columns before the other lines.
 */
export function wrapText(text: string, start: string, indent: number): string {
  const lines: string[] = [];
  let line = start;
  for (const word of text.split(' ')) {
    const isFirst = line === start || line.trim() === '';
    const longer = line === '' || line.endsWith(' ') ? `${line}${word}` : `${line} ${word}`;
    if (isFirst || longer.length <= COLUMNS) {
      line = longer;
      continue;
    }
    lines.push(line);
    line = `${' '.repeat(indent)}${word}`;
  }
  return [...lines, line].join('\n');
}
