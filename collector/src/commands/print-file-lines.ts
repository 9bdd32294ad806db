import { createFileTail, type FileTail } from '../log-reading/file-tail.js';
import { createLineAssembler, type LineAssembler } from '../log-reading/line-assembler.js';
import type { LogLine } from '../log-reading/log-line.js';
import { isMeant } from '../log-reading/read-log-page.js';
import { toPrintable } from '../to-printable.js';
import type { LogsArguments } from './logs-arguments.js';

/** Lines that are printed where nothing else is asked for. */
export const DEFAULT_LINES = 200;

/** How often files are looked at, in milliseconds. */
export const POLL_EVERY_MS = 250;

/** Bytes at the end of a file in which its last lines are looked for. */
const LAST_BYTES = 4 * 1024 ** 2;

export interface Printing {
  /** `false` once nobody reads. */
  readonly print: (line: LogLine) => Promise<boolean>;
  /** Prints a line for people that is no part of the result. */
  readonly warn: (line: string) => void;
  readonly wait: (ms: number) => Promise<unknown>;
}

/** Prints lines of a file that another program writes, until nobody reads or there are no more. */
export async function printFileLines(
  { file, filter, follow, lines }: LogsArguments & { readonly file: string },
  { print, wait, warn }: Printing,
): Promise<void> {
  const isLast = lines !== undefined || filter.from === undefined;
  const tail = createFileTail(file, isLast ? { begin: (size) => size - LAST_BYTES } : {});
  const assembler = createLineAssembler();
  try {
    let last: LogLine[] = [];
    const count = lines ?? DEFAULT_LINES;
    // What is followed can still go on, with a line or a traceback.
    for await (const line of linesOf(tail, assembler, !follow)) {
      if (!isLast) {
        if (!(await print(line))) return;
      } else if (isMeant(line, filter) && last.push(line) >= 2 * count) last = last.slice(-count);
    }
    for (const line of last.slice(-count)) if (!(await print(line))) return;
    if (!follow) return;
    const name = toPrintable(file);
    if (tail.missing === 'ENOENT') warn(`${name} is not there yet: it is waited for.`);
    for (let [isQuiet, told] = [false, 'ENOENT']; ; await wait(POLL_EVERY_MS)) {
      let hasNew = false;
      for await (const line of linesOf(tail, assembler, false)) {
        hasNew = true;
        if (!(await print(line))) return;
      }
      // A line can go on, as a traceback does: it is complete once nothing follows for a moment.
      if (isQuiet && !hasNew) for (const line of assembler.end()) if (!(await print(line))) return;
      isQuiet = !hasNew;
      const missing = tail.missing ?? 'ENOENT';
      if (missing !== told && missing !== 'ENOENT')
        warn(`${name} cannot be read any more (${missing}): it is waited for.`);
      told = missing;
    }
  } finally {
    await tail.close();
  }
}

/** The lines that are new in a file, and with `isAll` those that have no end yet. */
export async function* linesOf(
  tail: FileTail,
  assembler: LineAssembler,
  isAll: boolean,
): AsyncGenerator<LogLine> {
  for await (const text of tail.poll()) yield* assembler.push(text);
  if (!isAll) return;
  for (const text of tail.end()) yield* assembler.push(text);
  yield* assembler.end();
}
