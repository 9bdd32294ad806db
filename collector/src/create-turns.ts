/** Does work after all work before it has ended, whether or not that failed. */
export type InTurn = <Result>(work: () => Promise<Result>) => Promise<Result>;

/** Creates a row in which work waits: each begins with what the one before has left. */
export function createTurns(): InTurn {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const done = last.then(work);
    last = done.catch(() => undefined); // told to its caller
    return done;
  };
}
