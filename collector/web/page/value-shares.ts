/** How people, or reports, spread over the values of a dimension. */
export interface ValueShares {
  /** As in the API. */
  readonly dimension: string;
  /** All of the window, each once; `null` if they are too few to be shown. */
  readonly total: number | null;
  /** Those with most first. */
  readonly rows: readonly ValueShare[];
  /** Values beyond the rows. */
  readonly leftOut: number;
  /** Values of fewer people are a part of `other`, or left out; `null` if none are. */
  readonly mergedBelow: number | null;
}

export interface ValueShare {
  /** As in the API: `unknown` if it was not said, `other` for all that are not told apart. */
  readonly value: string;
  readonly count: number;
  /** Of the total. */
  readonly share: number;
  /** Of the count in complete days, against the same number of days before; `null` without either. */
  readonly change: number | null;
}

/** The days that values are counted in. */
export interface ValueSpan {
  readonly days: number;
  /** The last of them, as a date. */
  readonly to: string;
}
