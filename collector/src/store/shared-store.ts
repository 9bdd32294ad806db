/** Documents of one kind, by their names, which all nodes share. */
export interface SharedRecords<Value> {
  /** The documents as this node knows them; `undefined` if none were ever kept. */
  read(): ReadonlyMap<string, Value> | undefined;
  /**
   * Changes documents while no other node does. They are durable when it resolves.
   *
   * @param edit - May run several times, each time with the documents as they are then.
   */
  change<Result>(
    edit: (documents: Map<string, Value>, isNew: boolean) => Result | Promise<Result>,
  ): Promise<Result>;
}

/** What documents of a kind are. */
export interface SharedKind<Value> {
  readonly kind: string;
  readonly isValue: (value: unknown) => value is Value;
}

/** What a store begins with. */
export interface SharedBeginning {
  /** The documents of each kind by their names; `undefined` where none were ever kept. */
  readonly documents: Readonly<Record<string, ReadonlyMap<string, unknown> | undefined>>;
  /** The entries of the log, the oldest first. */
  readonly log: readonly object[];
}

/** How documents that a node has learned of differ from those that it knew. */
export interface DocumentsChange {
  /** Whether they came after those; else the store has gone back to an older moment. */
  readonly isNewer: boolean;
}

/** A part of a shared log, newest first, and where the next older one begins. */
export interface SharedLogPage {
  readonly entries: readonly unknown[];
  readonly next: number | null;
}

/** When jobs on what nodes share were last done, whichever node did them. */
export interface SharedRuns {
  /** Whether no node has done a job for so long, in milliseconds. */
  isOwed(job: string, everyMs: number): Promise<boolean>;
  /** Notes that this node has done it. */
  note(job: string): Promise<void>;
}

/** What nodes share beside their counts. */
export interface SharedStore {
  readonly runs: SharedRuns;
  /**
   * Begins what is shared, all of it or nothing, unless it was begun before.
   *
   * @returns Whether it was begun now.
   */
  begin(read: () => SharedBeginning): Promise<boolean>;
  /**
   * Opens documents that each node has in memory, and that follow what other nodes do.
   *
   * @param onChange - Called after another node has changed documents, or this one.
   */
  open<Value>(
    kind: SharedKind<Value>,
    onChange?: (change: DocumentsChange) => void,
  ): Promise<SharedRecords<Value>>;
  /** A document that is read when it is needed; `undefined` if there is none. */
  find(kind: string, name: string): Promise<unknown>;
  /**
   * Keeps such a document, unless another node has kept one meanwhile that will do.
   *
   * @returns The one that stands.
   */
  settle(
    kind: string,
    name: string,
    value: unknown,
    willDo: (standing: unknown) => boolean,
  ): Promise<unknown>;
  /** Drops such documents that were kept so long ago, in milliseconds. */
  drop(kind: string, ageMs: number): Promise<void>;
  /** Appends to the log. The entry is durable when it resolves. */
  append(entry: object): Promise<void>;
  /** @param before - `next` of the page before; the end without it. */
  page(limit: number, before?: number): Promise<SharedLogPage>;
  close(): Promise<void>;
}

/** What a node has acknowledged and not counted. */
export interface NodeBacklog {
  /** The name of its journal, which is the same at each start on its folder. */
  readonly journal: string;
  /** The name of its machine, for people. */
  readonly host: string;
  readonly reports: number;
  /** Since when the oldest waits; `null` if none does. */
  readonly since: Date | null;
}

/** A node that is no longer seen, and has not said that its journal is counted. */
export interface GoneNode extends NodeBacklog {
  /** Everything that it acknowledged before is counted. */
  readonly since: Date;
}

/** The nodes on one store, as one of them sees the others. */
export interface Nodes {
  /** How many are up, this one included. */
  readonly up: number;
  /** Whether this one does what only one of them does. */
  readonly isLeader: boolean;
  /**
   * How far the clock of this one is ahead of that of the store, in milliseconds, when it was last
   * compared; negative if it is behind.
   */
  readonly clockLeadMs: number;
  /** Those that went without counting what they had, the one seen last at the end. */
  readonly gone: readonly GoneNode[];
  /** Lets the others know, as long as this one is up, what it has not counted. */
  tellBacklog(read: () => NodeBacklog): void;
  /** Tells of one no more, unless it is back. */
  forget(gone: GoneNode): Promise<void>;
  /** Tells the others that this one has counted something: at most once a second. */
  tellCounted(): void;
  /** Calls back when another one has counted something. */
  onCounted(listener: () => void): void;
}

/** The nodes of a store that is in the folder of one. */
export const ONE_NODE: Nodes = {
  up: 1,
  isLeader: true,
  clockLeadMs: 0,
  gone: [],
  tellBacklog: () => undefined,
  forget: () => Promise.resolve(),
  tellCounted: () => undefined,
  onCounted: () => undefined,
};

/** Those of one node, which knows its own runs. */
export const OWN_RUNS: SharedRuns = {
  isOwed: () => Promise.resolve(false),
  note: () => Promise.resolve(),
};
