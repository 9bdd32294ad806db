import { createHmac, randomBytes } from 'node:crypto';
import { DAY_MS } from '../rules/day.js';
import { clientNetwork } from './client-network.js';

/** Turns a client's address into the key of its network, which rates are counted under. */
export type ClientKeys = (address: string) => string;

const SALT_BYTES = 32;
const SALT_LIFETIME_MS = DAY_MS;

/**
 * Hashes addresses with a random salt that is replaced every day and never leaves memory, so that a
 * memory dump does not show addresses.
 *
 * @param nowMs - The wall clock, so that a salt lasts for a day by UTC, for which values are counted.
 */
export function createClientKeys(nowMs: () => number): ClientKeys {
  const today = (): number => Math.floor(nowMs() / SALT_LIFETIME_MS);
  let salt = randomBytes(SALT_BYTES);
  let day = today();
  return (address) => {
    if (today() !== day) {
      salt = randomBytes(SALT_BYTES);
      day = today();
    }
    return createHmac('sha256', salt).update(clientNetwork(address)).digest('base64').slice(0, 22);
  };
}

/** Whether a request comes from this machine. */
export function isLoopback(address: string): boolean {
  return address === '::1' || /^(::ffff:)?127\./i.test(address);
}
