/**
 * Does work again and again, each time so long after the work before it has ended. It keeps no
 * process alive.
 *
 * @param work - Must not reject.
 * @param pauseMs - In milliseconds; also before the first time.
 * @returns What ends it. Work that has begun goes on.
 */
export function repeatAfter(work: () => Promise<unknown>, pauseMs: number): () => void {
  let isEnded = false;
  let timer: NodeJS.Timeout | undefined;
  const schedule = (): void => {
    timer = setTimeout(() => {
      void work().finally(() => {
        if (!isEnded) schedule();
      });
    }, pauseMs).unref();
  };
  schedule();
  return () => {
    isEnded = true;
    clearTimeout(timer);
  };
}
