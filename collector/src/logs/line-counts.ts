import { COUNTED_LEVELS } from './error-rate.js';

/** Lines of the log since the start, by what wrote them. */
export interface LineCount {
  readonly level: string;
  readonly source: string;
  lines: number;
}

export interface LineCounts {
  /** @param level - As pino numbers levels. @param text - The line, as JSON. */
  add(level: number, text: string): void;
  readonly all: readonly LineCount[];
}

/** Sources are words of the program; this many are more than there are. */
const MAX_COUNTS = 200;

/** A logger's own members come before those of a line. */
const SOURCE = /"source":"([a-z-]{1,40})"/;

/** Creates the counts, all at 0. */
export function createLineCounts(): LineCounts {
  const counts = new Map<string, LineCount>();
  return {
    add: (number, text) => {
      const level = COUNTED_LEVELS[Math.min(Math.max(Math.floor(number / 10), 1), 6) - 1] ?? 'info';
      const source = SOURCE.exec(text)?.[1] ?? 'other';
      const key = `${level} ${source}`;
      const count = counts.get(key);
      if (count !== undefined) count.lines += 1;
      else if (counts.size < MAX_COUNTS) counts.set(key, { level, source, lines: 1 });
    },
    get all() {
      return [...counts.values()];
    },
  };
}
