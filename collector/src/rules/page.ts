/** The part of a list that a request asks for. */
export interface PageQuestion {
  /** The name that the page before ended with; the first page without it. */
  readonly after?: string | undefined;
  readonly limit: number;
}

/** A page of a list in the order of its names. */
export interface Page<Item> {
  readonly items: readonly Item[];
  /** The name that the page ends with; `undefined` on the last one. */
  readonly next: string | undefined;
  /** How many come after it. */
  readonly left: number;
}

/** Cuts a page from a list in the order of its names. A name that is gone still marks its place. */
export function pageOf<Item>(
  all: readonly Item[],
  nameOf: (item: Item) => string,
  { after, limit }: PageQuestion,
): Page<Item> {
  const rest = after === undefined ? all : all.filter((item) => nameOf(item) > after);
  const items = rest.slice(0, limit);
  const last = items.at(-1);
  const left = rest.length - items.length;
  return { items, next: left > 0 && last !== undefined ? nameOf(last) : undefined, left };
}
