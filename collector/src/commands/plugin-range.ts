/** A range of the monitoring plugins, such as `5`, `10:20`, `~:10` or `@10:20`. */
export interface PluginRange {
  readonly text: string;
  /** Whether a value alerts. */
  readonly alerts: (value: number) => boolean;
}

/**
 * Reads a range as the guidelines of the monitoring plugins write it: a value outside of it alerts,
 * and with `@` one inside.
 *
 * @returns `undefined` if it is none.
 */
export function readRange(text: string): PluginRange | undefined {
  const parts = /^(@?)(?:(~|-?\d+(?:\.\d+)?)?(:))?(-?\d+(?:\.\d+)?)?$/.exec(text);
  if (parts === null || text === '' || text === '@' || text === ':') return undefined;
  const [, at, start, colon, end] = parts;
  const from = start === '~' ? -Infinity : Number(start ?? 0);
  const to = end === undefined ? Infinity : Number(end);
  if (from > to || (colon === undefined && end === undefined)) return undefined;
  const isInside = (value: number): boolean => value >= from && value <= to;
  return { text, alerts: (value) => (at === '@' ? isInside(value) : !isInside(value)) };
}

/** Bounds of the time that an answer takes, in seconds. */
export interface TimeRanges {
  readonly warning: PluginRange | undefined;
  readonly critical: PluginRange | undefined;
}
