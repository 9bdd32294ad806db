import {
  COMPARISONS,
  type Comparison,
  type Range,
  RANGES,
  type View,
} from '../../web/page/view.js';
import { dateOfDay, dayOfDate } from '../rules/day.js';

/** The days of each range, the running one included. */
const DAYS: Readonly<Record<Exclude<Range, 'custom'>, number>> = {
  '7d': 7,
  '28d': 28,
  '90d': 90,
  '12m': 365,
};

const DEFAULT_RANGE = '90d';

/** No chart has room for more days. */
const MAX_DAYS = 800;

/**
 * Reads which days a URL asks for. What cannot be read is the default: a link that somebody has
 * mistyped shows a page all the same.
 *
 * @param today - The running day in the project's time zone, numbered since 1970.
 */
export function readView(query: Readonly<Record<string, string>>, today: number): View {
  const compare = COMPARISONS.find((one): one is Comparison => one === query['compare']);
  const common = { today: dateOfDay(today), compare: compare ?? 'weekdays' } as const;
  const range = RANGES.find((one) => one === query['range']) ?? DEFAULT_RANGE;
  if (range === 'custom') {
    const span = readSpan(query, today);
    if (span !== undefined) return { range, ...span, ...common };
  }
  const known = range === 'custom' ? DEFAULT_RANGE : range;
  const from = dateOfDay(today - DAYS[known] + 1);
  return { range: known, from, to: dateOfDay(today), ...common };
}

function readSpan(
  { from = '', to = '' }: Readonly<Record<string, string>>,
  today: number,
): Pick<View, 'from' | 'to'> | undefined {
  const first = dayOfDate(from);
  const last = to === '' ? today : dayOfDate(to);
  if (first === undefined || last === undefined || first > last || first > today) return undefined;
  const end = Math.min(last, today);
  return { from: dateOfDay(Math.max(first, end - MAX_DAYS + 1)), to: dateOfDay(end) };
}
