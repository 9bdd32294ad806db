import { LOG_CLASSES, type LogClass, readLogFileName } from '../logs/log-names.js';
import type { LogPosition } from './backward-lines.js';

/** Where each class goes on; `null` if there is nothing more of it. */
export type LogCursor = ReadonlyMap<LogClass, LogPosition | null>;

/** Writes a cursor for clients, who take it as it is. */
export function writeCursor(cursor: LogCursor): string {
  const parts = [...cursor].map(([logClass, position]) =>
    position === null ? `${logClass}:` : `${position.file.name}:${position.offset}`,
  );
  return Buffer.from(parts.join(' ')).toString('base64url');
}

/** Reads a cursor; `undefined` if it is none. It names no other file than the log's. */
export function readCursor(text: string): LogCursor | undefined {
  const cursor = new Map<LogClass, LogPosition | null>();
  for (const part of Buffer.from(text, 'base64url').toString().split(' ')) {
    const [, name = '', digits = ''] = /^([^:]+):(\d{0,16})$/.exec(part) ?? [];
    const offset = Number(digits);
    const ended = LOG_CLASSES.find((logClass) => logClass === name);
    const file = readLogFileName(name);
    if (ended !== undefined && digits === '') cursor.set(ended, null);
    else if (file !== undefined && digits !== '' && Number.isSafeInteger(offset)) {
      cursor.set(file.logClass, { file, offset });
    } else return undefined;
  }
  return cursor;
}
