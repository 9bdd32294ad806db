/** Runs work, or lets it wait for its turn. */
export type Gate = <Result>(work: () => Promise<Result>) => Promise<Result>;

/** Lets so many pass at a time; the others wait, first come, first served. */
export function createGate(width: number): Gate {
  const waiting: (() => void)[] = [];
  let free = width;

  return async (work) => {
    if (free > 0) free--;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await work();
    } finally {
      // Whoever is next takes the place over; it is never free in between.
      const next = waiting.shift();
      if (next === undefined) free++;
      else next();
    }
  };
}
