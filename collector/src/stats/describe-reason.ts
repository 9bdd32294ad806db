import type { Cause } from '../forecast/explain-change.js';
import type { QualityCount } from '../forecast/find-counting-problems.js';
import type { Spread } from '../forecast/judge-spread.js';

/** Everything that a reason can say, by codes that programs can word themselves. */
export const REASON_CODES = [
  ...['nothing_counted', 'reports_refused', 'reports_unusual', 'values'],
  ...['spread_evenly', 'spread_unevenly', 'unclear'],
] as const;

/** One of {@link REASON_CODES}. */
export type ReasonCode = (typeof REASON_CODES)[number];

const LIKELIER = 'A problem of counting is likelier than fewer people';

/**
 * Describes a change of which no single part can be named.
 *
 * @param over - What was looked at, such as `systems and versions`.
 * @param unit - What is counted.
 */
export const describeSpread = (spread: Spread, over: string, unit: 'people' | 'reports'): string =>
  ({
    evenly: `The change is spread evenly over ${over}`,
    unevenly: `The change is spread over several ${over}, but not evenly: none stands out`,
    unclear: `No single part of the change can be told from chance at this number of ${unit}`,
  })[spread];

/** The reason where there is nothing at all. */
export const NOTHING_COUNTED = `Nothing was counted on the whole day. ${LIKELIER}`;

/** What a reason says, for people and for programs. */
export interface ToldReason {
  readonly text: string;
  readonly code: ReasonCode;
  readonly values: Readonly<Record<string, string | number | null>>;
}

/** @param showsCounts - Whether the caller may know how many requests there are. */
export function describeProblem(
  { kind, observed, usual: exactly }: QualityCount,
  showsCounts: boolean,
): ToldReason {
  const usual = Math.round(exactly);
  const values = showsCounts ? { observed, usual } : { observed: null, usual: null };
  const counts = showsCounts ? `: ${observed}, usually ${usual}` : '';
  const tell = (what: string): string =>
    `Far more reports than usual are ${what}${counts}. ${LIKELIER}`;
  if (!kind.startsWith('rejected:')) {
    const text = tell(`${kind} in quality`);
    return { text, code: 'reports_unusual', values: { kind, ...values } };
  }
  const problem = kind.slice('rejected:'.length);
  const text = tell(`refused with ${problem}`);
  return { text, code: 'reports_refused', values: { problem, ...values } };
}

/** @param missing - How much less came than was expected; below 0, how much more. */
export function describeCause({ where, share }: Cause, missing: number): string {
  const parts = where.map(({ dimension, value }) => `${dimension} ${value}`).join(' and ');
  const change = missing > 0 ? 'fall' : 'rise';
  return `About ${Math.round(share * 100)} % of the ${change} is in ${parts}`;
}
