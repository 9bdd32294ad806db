/**
 * Gives the ID that a value counts under: its own, or that of `other` if it gave its place up.
 */
export type Resolve = (valueId: number) => number;
