/** Splits bytes into lines. A long line is cut, so that no line takes more memory than it may. */
export interface LineSplitter {
  /** @returns The lines that are whole now. */
  push(bytes: Buffer): string[];
  /** @returns The line that has no end, if there is one. */
  end(): string[];
}

/** Bytes of a line that are kept. */
export const MAX_LINE_BYTES = 64 * 1024;

const NEWLINE = 10;

const BYTE_ORDER_MARK = '\uFEFF';

/** Creates a splitter. Bytes that are no UTF-8 become U+FFFD. */
export function createLineSplitter(): LineSplitter {
  let kept: Buffer[] = [];
  let [keptBytes, cutBytes] = [0, 0];
  const keep = (piece: Buffer): void => {
    // A program that goes on where its file was cut leaves a hole before its next line.
    const bytes = keptBytes === 0 ? withoutHole(piece) : piece;
    const room = bytes.subarray(0, MAX_LINE_BYTES - keptBytes);
    // A copy: a part of a chunk would hold all of it.
    if (room.length > 0) kept.push(Buffer.from(room));
    keptBytes += room.length;
    cutBytes += bytes.length - room.length;
  };
  const take = (): string => {
    const all = Buffer.concat(kept).toString('utf8').replace(/\r$/, '');
    const text = all.startsWith(BYTE_ORDER_MARK) ? all.slice(1) : all;
    const line = cutBytes === 0 ? text : `${text} … (${cutBytes} more bytes)`;
    kept = [];
    [keptBytes, cutBytes] = [0, 0];
    return line;
  };
  return {
    push: (bytes) => {
      const lines: string[] = [];
      let begin = 0;
      for (
        let end = bytes.indexOf(NEWLINE);
        end !== -1;
        begin = end + 1, end = bytes.indexOf(NEWLINE, begin)
      ) {
        keep(bytes.subarray(begin, end));
        lines.push(take());
      }
      keep(bytes.subarray(begin));
      return lines;
    },
    end: () => (keptBytes === 0 ? [] : [take()]),
  };
}

/** The bytes without the NUL that they begin with. */
function withoutHole(bytes: Buffer): Buffer {
  let begin = 0;
  while (bytes[begin] === 0) begin++;
  return bytes.subarray(begin);
}
