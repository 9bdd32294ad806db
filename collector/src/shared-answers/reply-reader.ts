/** Who waits for a reply, and what may come. */
export interface Awaiting {
  /** The largest value; `undefined` where `OK` is the only good reply. */
  readonly maxBytes: number | undefined;
  /** @param value - `undefined` for `OK`. */
  readonly resolve: (value: Buffer | undefined) => void;
  readonly reject: (error: Error) => void;
}

/** Something else comes than what Redis replies. */
export class WrongReplyError extends Error {
  override readonly name = 'WrongReplyError';
  /** The system's own for a protocol that is not kept to. */
  readonly code = 'EPROTO';

  constructor(what: string) {
    super(`The cache does not reply as Redis does: ${what}.`);
  }
}

/** The longest line. Redis cuts the longer parts of its errors at 128 bytes. */
const MAX_LINE_BYTES = 1024;

const LINE_END = '\r\n';

/**
 * Reads the replies to the three kinds of command that a collector sends: `OK`, a value with its
 * length, or a refusal. At most one value is held, and no byte beyond the longest one awaited is read.
 *
 * @param awaited - In the order of their commands. Each is taken out when its reply is there.
 * @returns What takes the bytes as they come.
 * @throws {@link WrongReplyError} For anything else; nothing that follows has a meaning then.
 */
export function createReplyReader(awaited: Awaiting[]): (bytes: Buffer) => void {
  let line = '';
  /** With the end of its line. */
  let value: Buffer | undefined;
  let filledBytes = 0;

  const takeLine = (whole: string, { maxBytes }: Awaiting): void => {
    const text = whole.slice(1, -LINE_END.length);
    if (whole.startsWith('-')) return awaited.shift()?.reject(new Error(text));
    if (maxBytes === undefined) {
      if (whole !== `+OK${LINE_END}`) throw new WrongReplyError('something else than OK');
      return awaited.shift()?.resolve(undefined);
    }
    if (!whole.startsWith('$') || !/^\d+$/.test(text)) {
      throw new WrongReplyError('something else than a value');
    }
    if (Number(text) > maxBytes) throw new WrongReplyError('a value that is too long');
    // Before the bytes come: chunks that drip would take many times their size.
    value = Buffer.allocUnsafe(Number(text) + LINE_END.length);
    filledBytes = 0;
  };
  const readLine = (bytes: Buffer): number => {
    const [next] = awaited;
    if (next === undefined) throw new WrongReplyError('more than was asked for');
    const part = bytes.subarray(0, MAX_LINE_BYTES - line.length);
    const length = part.indexOf('\n') + 1 || part.length;
    line += part.toString('latin1', 0, length);
    if (!/^[+$-]/.test(line)) throw new WrongReplyError('an unknown type');
    if (line.endsWith('\n')) {
      const whole = line;
      line = '';
      if (!whole.endsWith(LINE_END)) throw new WrongReplyError('a line with another end');
      takeLine(whole, next);
    } else if (line.length === MAX_LINE_BYTES) throw new WrongReplyError('a line without an end');
    return length;
  };
  const readValue = (bytes: Buffer, whole: Buffer): number => {
    const length = bytes.copy(whole, filledBytes);
    filledBytes += length;
    if (filledBytes < whole.length) return length;
    const end = whole.length - LINE_END.length;
    if (whole.toString('latin1', end) !== LINE_END)
      throw new WrongReplyError('a value of another length');
    value = undefined;
    awaited.shift()?.resolve(whole.subarray(0, end));
    return length;
  };
  return (bytes) => {
    for (let rest = bytes; rest.length > 0;) {
      rest = rest.subarray(value === undefined ? readLine(rest) : readValue(rest, value));
    }
  };
}
