/** Reads a table as RFC 4180 writes it: lines that end with CRLF, quotes around what needs them. */
export function readCsv(text: string): string[][] {
  const cells = /("(?:[^"]|"")*"|[^",\r\n]*)(,|\r\n)/gy;
  const lines: string[][] = [[]];
  let read = 0;
  for (const [all, cell = '', end] of text.matchAll(cells)) {
    read += all.length;
    const isQuoted = cell.startsWith('"');
    lines.at(-1)?.push(isQuoted ? cell.slice(1, -1).replaceAll('""', '"') : cell);
    if (end !== ',') lines.push([]);
  }
  if (read !== text.length) throw new Error(`No CSV from character ${read}: ${text.slice(read)}`);
  return lines.slice(0, -1);
}
