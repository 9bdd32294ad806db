interface Step {
  /** What it is about, for people. */
  readonly name: string;
}

/** Statements that run in one transaction. */
interface Statements extends Step {
  readonly sql: string;
  /**
   * The least schema that a node must know to work with the store afterwards. A step that has it takes
   * away what older nodes need, and waits until none of them is connected: it may run after later
   * steps. All others only add, so that nodes of the release before go on.
   */
  readonly worksFrom?: number;
}

/** An index that is made while nodes count. */
export interface AddedIndex extends Step {
  /** The name of the index. */
  readonly index: string;
  /** Its table and columns. */
  readonly on: string;
}

/** A step of the schema. One that was published never changes. */
export type Migration = Statements | AddedIndex;
