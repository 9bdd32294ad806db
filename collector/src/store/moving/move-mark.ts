/** The name of the row of `about` that has a store's {@link MoveMark}. */
export const MOVE = 'move';

/** A value of a row that moves. 64 bits are a decimal text, bytes are hex digits. */
export type MovedValue = string | number | null;

/** Where a page ended: the values of its last row's key. */
export type MoveCursor = readonly MovedValue[];

/** The counts of another store are not all here yet. */
export interface MovingMark {
  readonly state: 'moving';
  /** Where they come from, for people. */
  readonly from: string;
  /** Tells one state of the other store from another. */
  readonly fingerprint: string;
  /** The table that is being copied, by its place in `MOVED_TABLES`. */
  readonly table: number;
  /** The end of what is copied of it; `null` if nothing is. */
  readonly after: MoveCursor | null;
}

/** The counts have gone to another store. */
export interface MovedMark {
  readonly state: 'moved';
  /** For people; without a password. */
  readonly to: string;
  /** In milliseconds since 1970. */
  readonly at: number;
}

/** What a store says of a move. */
export type MoveMark = MovingMark | MovedMark;

/** Reads a mark that a store has as text. */
export const parseMark = (text: string | null | undefined): MoveMark | null =>
  text === null || text === undefined ? null : (JSON.parse(text) as MoveMark); // only moves write it

/** Says why nothing may be counted in a store that has a mark, and what to do. */
export function explainMark(mark: MoveMark, where: string): string {
  if (mark.state === 'moving') {
    return (
      `${where} has only a part of the counts of ${mark.from}: a move did not end. Nothing was ` +
      'changed. Run the same headcount-collector move again, which goes on where it ended.'
    );
  }
  const at = new Date(mark.at).toISOString();
  return (
    `The counts of ${where} moved to ${mark.to} at ${at}, and would be counted twice here. ` +
    'Nothing was changed. Use that, or move them back with headcount-collector move.'
  );
}
