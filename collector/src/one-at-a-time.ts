/**
 * Wraps work that may hang, as on a lost disk. It is not begun again before it has ended:
 * otherwise attempts would gather without end.
 *
 * @returns What resolves in time: with the result, or `undefined` if there is none yet.
 */
export function oneAtATime<Value>(
  run: () => Promise<Value>,
  limitMs: number,
): () => Promise<Value | undefined> {
  let running: Promise<Value> | undefined;
  const begin = (): Promise<Value> => {
    const attempt = run();
    const end = (): void => {
      running = undefined;
    };
    attempt.then(end, end);
    return attempt;
  };
  return async () => {
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<undefined>((resolve) => {
      timer = setTimeout(() => resolve(undefined), limitMs);
    });
    try {
      return await Promise.race([(running ??= begin()), timeout]);
    } finally {
      clearTimeout(timer);
    }
  };
}
