import { ProblemError } from '../errors.js';

/** Open streams at most. */
export interface ListenerLimits {
  /** Those without a token. */
  readonly maxListeners: number;
  /** Those with a token. */
  readonly maxTokenListeners: number;
  /** Open streams of one client at most. */
  readonly maxListenersPerClient: number;
}

/** The slots for streams: bounded, and no client can take all of them. */
export interface ListenerSlots {
  /**
   * Takes a slot. Where none is free, the stream of another client may end for it.
   *
   * @param client - The client's key; `undefined` if it is not limited.
   * @param end - Ends the stream.
   * @returns A function that frees the slot.
   * @throws `ProblemError` if no slot is free.
   */
  take(client: string | undefined, end: () => void): () => void;
}

export interface ListenerSlotsOptions extends Omit<ListenerLimits, 'maxTokenListeners'> {
  /**
   * How old a stream is that ends for another one, in milliseconds; `undefined` if none does. Readers
   * connect again by themselves.
   */
  readonly endsAfterMs: number | undefined;
  /** A clock that never goes back, in milliseconds. */
  readonly monotonicMs: () => number;
}

interface Slot {
  readonly client: string | undefined;
  readonly openedAtMs: number;
  readonly end: () => void;
}

/** Creates the slots, all free. */
export function createListenerSlots(options: ListenerSlotsOptions): ListenerSlots {
  const { maxListeners, maxListenersPerClient, endsAfterMs, monotonicMs } = options;
  /** The oldest first. */
  const slots = new Set<Slot>();
  const countOf = (client: string | undefined): number =>
    [...slots].filter((slot) => slot.client === client).length;
  /** The oldest stream of the client with most of them, if it is old enough. */
  const findOld = (): Slot | undefined => {
    if (endsAfterMs === undefined) return undefined;
    const before = monotonicMs() - endsAfterMs;
    const old = [...slots].filter(({ openedAtMs }) => openedAtMs <= before);
    return old.toSorted((a, b) => countOf(b.client) - countOf(a.client))[0];
  };
  return {
    take: (client, end) => {
      if (client !== undefined && countOf(client) >= maxListenersPerClient) {
        throw new ProblemError(
          'too_many_streams',
          `At most ${maxListenersPerClient} streams of one client at a time.`,
        );
      }
      if (slots.size >= maxListeners) {
        const old = findOld();
        if (old === undefined) {
          throw new ProblemError('busy', `At most ${maxListeners} may listen at a time.`);
        }
        slots.delete(old);
        old.end();
      }
      const slot = { client, openedAtMs: monotonicMs(), end };
      slots.add(slot);
      return () => slots.delete(slot);
    },
  };
}
