import type { Socket } from 'node:net';
import { type Network, networkFault } from './network.js';

/** An IP address. */
export interface Address {
  readonly address: string;
  readonly family: number;
}

/** A connection that takes longer is given up. */
const CONNECT_TIMEOUT_MS = 3_000;
/** RFC 8305, section 8. */
const NEXT_ATTEMPT_MS = 250;

/**
 * Connects to the first address that answers (RFC 8305): an attempt without an answer is joined by
 * the next one, and goes on. Node's own way gives each attempt up after 250 ms, so that a distant
 * host with an address that cannot be reached is never reached either.
 *
 * @param open - opens a socket to one address
 */
export function raceAddresses(
  addresses: readonly Address[],
  open: (address: string) => Socket,
  { after }: Pick<Network, 'after'>,
): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const waiting = alternate(addresses);
    const running = new Set<Socket>();
    let firstError: Error | undefined;
    let cancelNext: () => void = () => undefined;
    const finish = (): void => {
      cancelNext();
      cancelTimeout();
      for (const socket of running) socket.destroy();
    };
    const fail = (error: Error): void => {
      finish();
      reject(error);
    };
    const opened = (address: string): Socket | undefined => {
      try {
        return open(address);
      } catch (error) {
        if (error instanceof Error) firstError ??= error;
        return undefined;
      }
    };
    const startNext = (): void => {
      cancelNext();
      const next = waiting.shift();
      if (next === undefined) {
        if (running.size === 0) fail(firstError ?? networkFault('ENOTFOUND'));
        return;
      }
      const socket = opened(next.address);
      if (socket === undefined) return startNext();
      running.add(socket);
      socket.once('connect', () => {
        if (!running.delete(socket)) return;
        finish();
        resolve(socket);
      });
      socket.on('error', (error) => {
        firstError ??= error;
        if (running.delete(socket)) startNext();
      });
      if (waiting.length > 0) cancelNext = after(NEXT_ATTEMPT_MS, startNext);
    };
    const cancelTimeout = after(CONNECT_TIMEOUT_MS, () => fail(networkFault('ETIMEDOUT')));
    startNext();
  });
}

/** IPv6 and IPv4 in turn, beginning with the family that the resolver prefers. */
export function alternate(addresses: readonly Address[]): Address[] {
  const preferred = addresses.filter(({ family }) => family === addresses[0]?.family);
  const others = addresses.filter((address) => !preferred.includes(address));
  const turns = Math.max(preferred.length, others.length);
  return Array.from({ length: turns }, (_, turn) => [preferred[turn], others[turn]])
    .flat()
    .filter((address) => address !== undefined);
}
