/**
 * The table of a chart. It is the only source of what the cursor speaks, of what the table below the
 * chart shows, and of the CSV: the three cannot differ.
 */
export interface Twin {
  /** Names the chart in the page's URL: `#<id>` and `?csv=<id>`. In kebab-case. */
  readonly id: string;
  /** The name of the chart, for people. */
  readonly name: string;
  readonly columns: readonly TwinColumn[];
  readonly rows: readonly TwinRow[];
}

export interface TwinColumn {
  /** The name in the header of the CSV: that of the API's member, such as `active`. */
  readonly key: string;
  /** The name in the table, for people. */
  readonly name: string;
}

/** The first cell names the row. */
export type TwinRow = readonly TwinCell[];

export interface TwinCell {
  /** As in the API: a number, an ISO 8601 date, a name; `null` if there is none. */
  readonly value: string | number | null;
  /** As people read it: with its unit, "day not over", "fewer than 10". */
  readonly text: string;
}
