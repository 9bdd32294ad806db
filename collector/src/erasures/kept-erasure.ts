import type { Deletion } from '../store/store.js';

/** A deletion that is kept outside of the databases, with its place in the journal. */
export interface KeptErasure extends Deletion {
  /** The epoch of its entry. */
  readonly epoch: string;
  readonly position: number;
}

/** Tells erasures apart. */
export const keyOf = ({ epoch, position }: KeptErasure): string => `${epoch}:${position}`;

/** The erasures of several files, each once, in the order of their moments. */
export function mergeErasures(all: readonly KeptErasure[]): KeptErasure[] {
  const unique = new Map(all.map((erasure) => [keyOf(erasure), erasure]));
  return [...unique.values()].sort((a, b) => a.deletedAt - b.deletedAt || a.position - b.position);
}
