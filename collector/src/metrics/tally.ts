/** The labels of a figure, by their names. */
export type Labels = Readonly<Record<string, string>>;

/** A figure with its labels. */
export interface Sample {
  readonly labels: Labels;
  readonly value: number;
}

/** Counts by labels, from the start of the collector. */
export interface Tally {
  /** @param n - @default 1 */
  add(labels: Labels, n?: number): void;
  /** What was counted, in no order. */
  samples(): Sample[];
}

/** Creates a tally. The labels must have few values: each is kept. */
export function createTally(): Tally {
  const counts = new Map<string, { readonly labels: Labels; value: number }>();
  return {
    add: (labels, n = 1) => {
      const key = Object.values(labels).join('\n');
      const count = counts.get(key);
      if (count) count.value += n;
      else counts.set(key, { labels, value: n });
    },
    samples: () => [...counts.values()].map(({ labels, value }) => ({ labels, value })),
  };
}
