/** A disk has not answered in time, or another one before it in the queue. */
export class DiskHangsError extends Error {
  override readonly name = 'DiskHangsError';
}

/** Work on disks that may hang, such as a volume of a network. */
export interface DiskQueue {
  /**
   * Does work once all earlier work has ended. Work that has begun goes on after its time is up, and
   * until it ends all other work is refused at once; work that has not begun then is never done.
   *
   * @param place - Where it works, for the message.
   * @throws {@link DiskHangsError} if it is not done in time, or what the work throws.
   */
  run<Result>(place: string, work: () => Promise<Result>): Promise<Result>;
}

/**
 * Creates a queue that does one thing at a time. Node does the work of disks in four threads, which
 * also unpack requests: a disk that hangs holds one of them, and must not get the others.
 *
 * @param limitMs - How long work may take with the time that it waits, in milliseconds.
 */
export function createDiskQueue(limitMs: number): DiskQueue {
  let last: Promise<unknown> = Promise.resolve();
  let running: string | undefined;
  let isHanging = false;

  const refuse = (place: string): DiskHangsError =>
    new DiskHangsError(
      running === undefined || running === place
        ? `${place} does not answer`
        : `${place} waits for ${running}, which does not answer`,
    );
  return {
    run: (place, work) => {
      if (isHanging) return Promise.reject(refuse(place));
      let isGivenUp = false;
      const done = last.then(async () => {
        try {
          if (isGivenUp) throw refuse(place);
          running = place;
          return await work();
        } finally {
          running = undefined;
          isHanging = false;
        }
      });
      last = done.catch(() => undefined);
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          isGivenUp = true;
          isHanging = true;
          reject(refuse(place));
        }, limitMs);
        done.then(resolve, reject).finally(() => clearTimeout(timer));
      });
    },
  };
}
