import type { SharedBeginning } from '../shared-store.js';
import type { StoreReader } from '../store.js';
import type { MoveMark, MovedValue, MovingMark } from './move-mark.js';
import type { MovedTable } from './moved-tables.js';

/** A row, by its columns. */
export type MovedRow = Readonly<Record<string, MovedValue>>;

/** Rows of one table. */
export interface RowsOfTable {
  readonly table: MovedTable;
  readonly rows: readonly MovedRow[];
}

/** Reads the rows of a store. */
export interface RowReader {
  count(table: MovedTable): Eventually<number>;
  /** The rows after one, in the order that suits the store. @param after - `null` begins. */
  page(table: MovedTable, after: MovedRow | null, limit: number): Eventually<readonly MovedRow[]>;
  /** The rows with the keys of others, in no order. */
  find(table: MovedTable, keys: readonly MovedRow[]): Eventually<readonly MovedRow[]>;
}

/** The store that counts come from. Nothing changes it meanwhile, and a move changes its mark alone. */
export interface MoveSource extends RowReader {
  /** For people; without a password. */
  readonly name: string;
  /** Whether the IDs of values are numbered within each project. */
  readonly numbersWithinProjects: boolean;
  /** For the questions that prove a move. */
  readonly reader: StoreReader;
  pepperId(): Eventually<string | null>;
  mark(): Eventually<MoveMark | null>;
  /** Another text once anything else was counted. */
  fingerprint(): Eventually<string>;
  /** Values of dimensions that gave their places up, where it is not known whose they were. */
  dropped(): Eventually<ReadonlySet<number>>;
  setMark(mark: MoveMark): Eventually<void>;
  close(): Eventually<void>;
}

/** The store that counts go to. */
export interface MoveTarget extends RowReader {
  readonly name: string;
  readonly numbersWithinProjects: boolean;
  readonly reader: StoreReader;
  pepperId(): Eventually<string | null>;
  mark(): Eventually<MoveMark | null>;
  isEmpty(): Eventually<boolean>;
  /** Empties it, and begins. */
  begin(mark: MovingMark): Eventually<void>;
  /** Writes rows and how far the move is, both or neither. Known values that gave their places up stay. */
  write(some: readonly RowsOfTable[], mark: MovingMark): Eventually<void>;
  /** Makes what follows from the rows. */
  finish(): Eventually<void>;
  /** Makes it usable. */
  publish(): Eventually<void>;
  close(): Eventually<void>;
}

/** What a store has beside its counts. */
export interface SharedSettings {
  /** All of it, while nobody changes it; `undefined` if it was never begun. */
  read(): Promise<SharedBeginning | undefined>;
  /** Writes it in place of what is there, all of it or nothing. */
  write(settings: SharedBeginning): Promise<void>;
}

/** What moves with counts, and is in place before they are usable. */
export interface MovedBeside {
  /** Copies it beside its place, and compares it. @throws {@link MoveError} */
  copy(): Promise<void>;
  /** Puts it in place. */
  publish(): Promise<void>;
}

/** A move cannot be made. The message says why, and what to do next. */
export class MoveError extends Error {
  override readonly name = 'MoveError';
}

/** Tells the rows of a table apart. */
export const keyOfRow = ({ key }: MovedTable, row: MovedRow): string =>
  key.map((column) => String(row[column])).join('\0');

/** Synchronous and asynchronous stores share one contract. */
type Eventually<Value> = Value | Promise<Value>;
