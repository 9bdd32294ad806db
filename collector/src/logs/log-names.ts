import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { hasCode } from '../has-code.js';
import { dayOfDate, dateOfDay } from '../rules/day.js';

/** The kinds of files of the log. Each line is in one of them. */
export const LOG_CLASSES = ['access', 'error', 'performance'] as const;

/** One of {@link LOG_CLASSES}. */
export type LogClass = (typeof LOG_CLASSES)[number];

/** The message of a line with how long the requests to a route took. */
export const PERFORMANCE = 'performance';

/** A file of the log, as its name tells it. */
export interface LogFileName {
  readonly name: string;
  readonly logClass: LogClass;
  /** Days since 1970, in the collector's zone. */
  readonly day: number;
  /** From 0; a day has several parts if its first becomes too large. */
  readonly part: number;
}

const PATTERN = /^(access|error|performance)-(\d{4}-\d\d-\d\d)(?:\.([1-9]\d{0,5}))?\.ndjson$/;

/** Writes the name of a file. */
export function logFileName({ logClass, day, part }: Omit<LogFileName, 'name'>): string {
  return `${logClass}-${dateOfDay(day)}${part === 0 ? '' : `.${part}`}.ndjson`;
}

/** Reads the name of a file; `undefined` if it is none of the log's. */
export function readLogFileName(name: string): LogFileName | undefined {
  const [, logClass, date, part = '0'] = PATTERN.exec(name) ?? [];
  const day = date === undefined ? undefined : dayOfDate(date);
  if (day === undefined) return undefined;
  return { name, logClass: logClass as LogClass, day, part: Number(part) };
}

/** The files of the log in a folder, the oldest first; none if there is no such folder. */
export async function listLogFiles(folder: string): Promise<LogFileName[]> {
  let entries: Dirent[];
  try {
    entries = await readdir(folder, { withFileTypes: true });
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ENOTDIR')) return [];
    throw error;
  }
  return entries
    .filter((entry) => entry.isFile() || entry.isSymbolicLink())
    .map(({ name }) => readLogFileName(name))
    .filter((file) => file !== undefined)
    .sort((a, b) => a.day - b.day || a.part - b.part);
}

/** The folder of the log in a data folder. */
export const logsFolder = (dataFolder: string): string => join(dataFolder, 'logs');

/** The path of a file of the log. */
export const logFilePath = (folder: string, { name }: Pick<LogFileName, 'name'>): string =>
  join(folder, name);
