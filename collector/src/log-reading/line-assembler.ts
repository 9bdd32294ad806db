import { MAX_LINE_BYTES } from './line-splitter.js';
import { type LogLine, readLevel } from './log-line.js';
import { parseJsonLine, readTime } from './parse-json-line.js';

/** Makes lines of a log out of lines of text: pino's, loguru's with their tracebacks, and others. */
export interface LineAssembler {
  /** @returns What is complete now. */
  push(text: string): LogLine[];
  /** @returns The line that could have gone on. */
  end(): LogLine[];
}

/** loguru: `2026-11-28 12:00:00.123 | ERROR    | app.main:run:42 - message`. */
const LOGURU =
  /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(?:[.,](\d{1,6}))? {0,20}\| {0,20}([A-Z]{1,20}) {0,20}\| {0,20}((?! )[^|]{0,200}?):([^:|]{0,200}):(\d{1,9}) {0,20}- ?(.*)$/s;

/** A moment at the beginning of any other line. */
const MOMENT =
  /^\[?(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(?:[.,](\d{1,9}))? ?(Z|[+-]\d\d:?\d\d)?\]?[ :,-]*/;

/** A word for a level in any other line. */
const LEVEL_WORD = /\b(TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|FATAL|CRITICAL|PANIC)\b/;

/** Characters of a line in which a level is looked for. */
const LEVEL_WITHIN = 80;

interface Open {
  readonly line: LogLine;
  readonly isLoguru: boolean;
  message: string;
  leftOut: number;
}

/** Creates an assembler. */
export function createLineAssembler(): LineAssembler {
  let open: Open | undefined;
  const close = (): LogLine[] => {
    if (open === undefined) return [];
    const { line, message, leftOut } = open;
    open = undefined;
    const more = leftOut === 0 ? '' : `\n… (${leftOut} more lines)`;
    return [{ ...line, message: message + more }];
  };
  const goOn = (text: string, last: Open): void => {
    if (last.message.length + text.length > MAX_LINE_BYTES) last.leftOut++;
    else last.message += `\n${text}`;
  };
  return {
    push: (text) => {
      const json = parseJsonLine(text);
      if (json !== undefined) return [...close(), json];
      const loguru = parseLoguru(text);
      if (loguru === undefined && open !== undefined && continues(text, open)) {
        goOn(text, open);
        return [];
      }
      if (text.trim() === '') return close();
      const line = loguru ?? parsePlain(text);
      const complete = close();
      open = { line, isLoguru: loguru !== undefined, message: line.message, leftOut: 0 };
      return complete;
    },
    end: close,
  };
}

/** Whether a line goes on with the one before: loguru's end with the next of its own. */
const continues = (text: string, { isLoguru }: Open): boolean =>
  isLoguru ? !MOMENT.test(text) : /^[ \t]+\S/.test(text);

function parseLoguru(text: string): LogLine | undefined {
  const [, date, time, fraction = '', level, source = '', name = '', line, message = ''] =
    LOGURU.exec(text) ?? [];
  if (date === undefined) return undefined;
  return {
    // Without a zone, it is the machine's own.
    time: readTime(`${date}T${time ?? ''}${milliseconds(fraction)}`),
    level: readLevel(level) ?? 'info',
    ...{ source, function: name, line: Number(line), message, details: {} },
  };
}

function parsePlain(text: string): LogLine {
  const [start = '', date, time = '', fraction = '', zone = ''] = MOMENT.exec(text) ?? [];
  const [word] = LEVEL_WORD.exec(text.slice(0, LEVEL_WITHIN)) ?? [];
  return {
    time: date === undefined ? null : readTime(`${date}T${time}${milliseconds(fraction)}${zone}`),
    level: readLevel(word) ?? 'info',
    ...{ source: '', function: '', line: 0, message: text.slice(start.length), details: {} },
  };
}

const milliseconds = (fraction: string): string =>
  fraction === '' ? '' : `.${fraction.slice(0, 3).padEnd(3, '0')}`;
