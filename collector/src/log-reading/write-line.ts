import { isRecord } from '../is-record.js';
import { toPrintable } from '../to-printable.js';
import type { LineLevel, LogLine } from './log-line.js';

const COLOURS: Readonly<Record<LineLevel, string>> = {
  trace: '\u001B[2m',
  debug: '\u001B[2m',
  info: '',
  warn: '\u001B[33m',
  error: '\u001B[31m',
  fatal: '\u001B[1;31m',
};

const PLAIN = '\u001B[0m';

const INDENT = '    ';

/** Writes a line for a terminal. Nothing of it moves the cursor, changes colours or hides text. */
export function writeForPeople(line: LogLine, hasColours: boolean): string {
  const { time, level, source, message, details, function: name } = line;
  const [first = '', ...more] = message.split('\n').map(toPrintable);
  const { error, ...rest } = details;
  const frames = isRecord(error) && Array.isArray(error['at']) ? (error['at'] as unknown[]) : [];
  const kind = isRecord(error) ? Object.entries(error).filter(([key]) => key !== 'at') : [];
  const members = [...Object.entries(rest), ...kind].map(
    ([key, value]) => ` ${toPrintable(key)}=${toPrintable(write(value))}`,
  );
  const isPlace = line.line > 0 && frames.length === 0;
  const place = isPlace ? toPrintable(` (${name}:${line.line})`) : '';
  const colour = hasColours ? COLOURS[level] : '';
  const word = level.toUpperCase().padEnd(5);
  const head = [
    time ?? '-',
    colour === '' ? word : `${colour}${word}${PLAIN}`,
    ...(source === '' ? [] : [`${toPrintable(source)}:`]),
    `${first}${place}${members.join('')}`,
  ];
  const below = [...more, ...frames.map((frame) => toPrintable(`at ${String(frame)}`))];
  return `${head.join(' ')}\n${below.map((text) => `${INDENT}${text}\n`).join('')}`;
}

const write = (value: unknown): string =>
  typeof value === 'string' && value !== '' && !/[\s"=]/.test(value)
    ? value
    : (JSON.stringify(value) ?? '');

/** Characters that JSON may have as they are, and that terminals act on. */
const UNSAFE = /[\u007F-\u009F\p{Cf}\p{Zl}\p{Zp}]/gu;

/** Writes a line as JSON, in which everything that terminals act on is escaped. */
export function writeAsJson(line: LogLine): string {
  const escape = (character: string): string =>
    [...Array(character.length).keys()]
      .map((at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`)
      .join('');
  return `${JSON.stringify(line).replaceAll(UNSAFE, escape)}\n`;
}
