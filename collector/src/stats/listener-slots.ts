import { ProblemError } from '../errors.js';

/** How many may listen at one moment. */
export interface ListenerLimits {
  readonly maxListeners: number;
  /** Of those, how many of one client. */
  readonly maxListenersPerClient: number;
}

/** The places for those who listen: bounded, and no client can have all of them. */
export interface ListenerSlots {
  /**
   * Takes a place.
   *
   * @param client - Stands for the client; `undefined` where it may have as many as there are.
   * @returns What gives the place back.
   * @throws `ProblemError` where there is none.
   */
  take(client: string | undefined): () => void;
}

/** Creates the places, all of them free. */
export function createListenerSlots(limits: ListenerLimits): ListenerSlots {
  const { maxListeners, maxListenersPerClient } = limits;
  const taken = new Map<string | undefined, number>();
  let all = 0;
  return {
    take: (client) => {
      const own = taken.get(client) ?? 0;
      if (client !== undefined && own >= maxListenersPerClient) {
        throw new ProblemError(
          'too_many_streams',
          `At most ${maxListenersPerClient} streams of one client at a time.`,
        );
      }
      if (all >= maxListeners) {
        throw new ProblemError('busy', `At most ${maxListeners} may listen at a time.`);
      }
      all++;
      taken.set(client, own + 1);
      return () => {
        all--;
        const left = (taken.get(client) ?? 0) - 1;
        if (left > 0) taken.set(client, left);
        else taken.delete(client);
      };
    },
  };
}
