/** A span of days, both included and numbered since 1970. */
export interface Span {
  readonly firstDay: number;
  readonly lastDay: number;
}

/** The indexes of spans of one length, the longest first. */
export function levelsOf(spans: readonly Span[]): number[][] {
  const levels = new Map<number, number[]>();
  for (const [at, { firstDay, lastDay }] of spans.entries()) {
    const length = lastDay - firstDay;
    const level = levels.get(length);
    if (level) level.push(at);
    else levels.set(length, [at]);
  }
  return [...levels].sort(([a], [b]) => b - a).map(([, level]) => level);
}

/** For each span, the indexes of those that contain it. */
export const widerOf = (spans: readonly Span[]): number[][] =>
  spans.map((span) => indexesOf(spans, (other) => contains(other, span)));

/** For each span, the indexes of those that it contains. */
export const insideOf = (spans: readonly Span[]): number[][] =>
  spans.map((span) => indexesOf(spans, (other) => contains(span, other)));

const contains = (outer: Span, inner: Span): boolean =>
  outer !== inner && outer.firstDay <= inner.firstDay && outer.lastDay >= inner.lastDay;

const indexesOf = (spans: readonly Span[], isWanted: (span: Span) => boolean): number[] =>
  spans.flatMap((span, at) => (isWanted(span) ? [at] : []));
