/** Those who wait until the journal is counted up to a position. None of them asks the store. */
export interface CountWaiters {
  readonly hasAny: boolean;
  /**
   * Resolves when the position is reached, when it is given up, or after `limitMs`.
   *
   * @param isPatient - Whether it waits on while counting fails.
   */
  wait(position: number, limitMs: number, isPatient?: boolean): Promise<void>;
  /** Lets those go on who wait for no later position. */
  reached(position: number): void;
  /** Lets those go on who are not patient. */
  giveUp(): void;
  /** Lets all go on: nothing will be reached any more. */
  end(): void;
}

interface Waiter {
  readonly position: number;
  readonly isPatient: boolean;
  readonly done: () => void;
}

export function createCountWaiters(): CountWaiters {
  const waiters = new Set<Waiter>();
  let isEnded = false;
  const release = (isReleased: (waiter: Waiter) => boolean): void => {
    for (const waiter of waiters) if (isReleased(waiter)) waiter.done();
  };
  return {
    get hasAny() {
      return waiters.size > 0;
    },
    wait: (position, limitMs, isPatient = false) =>
      new Promise((resolve) => {
        if (isEnded) {
          resolve();
          return;
        }
        const done = (): void => {
          clearTimeout(timer);
          waiters.delete(waiter);
          resolve();
        };
        const waiter = { position, isPatient, done };
        const timer = setTimeout(done, limitMs);
        waiters.add(waiter);
      }),
    reached: (position) => release((waiter) => waiter.position <= position),
    giveUp: () => release(({ isPatient }) => !isPatient),
    end: () => {
      isEnded = true;
      release(() => true);
    },
  };
}
