import type { LogLine } from '../log-reading/log-line.js';

type Counts = Record<string, number>;

interface Window {
  readonly levels: Counts;
  readonly sources: Counts;
}

/** What lines are counted in. */
export interface CountedSpan {
  /** Milliseconds since 1970. */
  readonly from: number;
  readonly to: number;
  readonly windowMs: number;
}

/** Sources with a count of their own. The collector has fewer; a damaged file must not matter. */
const MAX_SOURCES = 100;

/** The name of all further sources. */
const OTHER = 'other';

/** Counts lines by level, source and window of time. */
export function countLines({ from, to, windowMs }: CountedSpan) {
  const all = emptyWindow();
  const windows = new Map<number, Window>();
  return {
    add: ({ time, level, source }: LogLine): void => {
      const start = Math.floor(Date.parse(time ?? '') / windowMs) * windowMs;
      const window = windows.get(start) ?? emptyWindow();
      windows.set(start, window);
      const isNew = !(source in all.sources);
      const name = isNew && Object.keys(all.sources).length >= MAX_SOURCES ? OTHER : source;
      for (const { levels, sources } of [all, window]) {
        levels[level] = (levels[level] ?? 0) + 1;
        sources[name] = (sources[name] ?? 0) + 1;
      }
    },
    result: () => ({
      from: new Date(from).toISOString(),
      to: new Date(to).toISOString(),
      ...all,
      windows: [...windows]
        .sort(([a], [b]) => a - b)
        .map(([start, window]) => ({ start: new Date(start).toISOString(), ...window })),
    }),
  };
}

/** Without a prototype, so that no source is one of its names. */
const emptyWindow = (): Window => ({
  levels: Object.create(null) as Counts,
  sources: Object.create(null) as Counts,
});
