import { listLogFiles, type LogClass, type LogFileName, logFilePath } from '../logs/log-names.js';
import { createFileTail, type FileTail } from './file-tail.js';
import type { LogLine } from './log-line.js';
import { parseJsonLine } from './parse-json-line.js';

/** Reads the collector's own files from the oldest line to the newest, one piece at a time. */
export async function* readForwards(
  folder: string,
  classes: readonly LogClass[],
): AsyncGenerator<LogLine> {
  const files = await listLogFiles(folder);
  const sources = await Promise.all(
    classes.map(async (logClass) => {
      const lines = linesOf(
        folder,
        files.filter((file) => file.logClass === logClass),
      );
      return { lines, head: await lines.next() };
    }),
  );
  for (;;) {
    let oldest: (typeof sources)[number] | undefined;
    let line: LogLine | undefined;
    for (const source of sources) {
      if (source.head.done === true) continue;
      const { value } = source.head;
      if (line !== undefined && timeOf(value) >= timeOf(line)) continue;
      [oldest, line] = [source, value];
    }
    if (oldest === undefined || line === undefined) return;
    yield line;
    oldest.head = await oldest.lines.next();
  }
}

const timeOf = ({ time }: LogLine): string => time ?? '';

async function* linesOf(folder: string, files: readonly LogFileName[]): AsyncGenerator<LogLine> {
  for (const file of files) {
    const tail = createFileTail(logFilePath(folder, file));
    try {
      yield* parsed(tail.poll());
    } finally {
      await tail.close();
    }
  }
}

async function* parsed(texts: AsyncIterable<string>): AsyncGenerator<LogLine> {
  for await (const text of texts) {
    const line = parseJsonLine(text);
    // What a crash has torn is no line.
    if (line?.time != null) yield line;
  }
}

/** The collector's own files, followed from day to day. */
export interface OwnTail {
  /** The new lines of all classes, the oldest first. */
  poll(): Promise<LogLine[]>;
  close(): Promise<void>;
}

/** Files of a class that are followed: a clock that is put back makes an older one grow. */
const FOLLOWED_FILES = 3;

/** Follows the files, from their present ends on. */
export async function followOwn(folder: string, classes: readonly LogClass[]): Promise<OwnTail> {
  const tails = new Map<string, FileTail>();
  const newest = async (): Promise<LogFileName[]> => {
    const files = await listLogFiles(folder);
    return classes.flatMap((logClass) =>
      files.filter((file) => file.logClass === logClass).slice(-FOLLOWED_FILES),
    );
  };
  const follow = (file: LogFileName, begin?: (size: number) => number): void => {
    if (tails.has(file.name)) return;
    const path = logFilePath(folder, file);
    tails.set(file.name, createFileTail(path, begin === undefined ? {} : { begin }));
  };
  const readAll = async (): Promise<LogLine[]> => {
    const lines: LogLine[] = [];
    for (const tail of tails.values()) {
      for await (const line of parsed(tail.poll())) lines.push(line);
    }
    return lines.sort((a, b) => (timeOf(a) < timeOf(b) ? -1 : Number(timeOf(a) > timeOf(b))));
  };
  for (const file of await newest()) follow(file, (size) => size);
  await readAll();
  return {
    poll: async () => {
      const present = await newest();
      for (const file of present) follow(file);
      const lines = await readAll();
      // An older file is read to its end now.
      for (const [name, tail] of tails) {
        if (present.some((file) => file.name === name)) continue;
        await tail.close();
        tails.delete(name);
      }
      return lines;
    },
    close: async () => {
      for (const tail of tails.values()) await tail.close();
    },
  };
}
