import { createHmac, randomBytes } from 'node:crypto';
import { isIPv6 } from 'node:net';

/** Turns a client's address into the key that rates are counted under. */
export type ClientKeys = (address: string) => string;

const SALT_BYTES = 32;
const SALT_LIFETIME_MS = 24 * 60 * 60 * 1000;

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
    return createHmac('sha256', salt).update(toSubscriber(address)).digest('base64').slice(0, 22);
  };
}

/** Whether a request comes from this machine. */
export function isLoopback(address: string): boolean {
  return address === '::1' || /^(::ffff:)?127\./i.test(address);
}

/** An IPv4 address, or the /64 of an IPv6 address: one subscriber has all of its addresses. */
function toSubscriber(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  const [plain = ''] = address.split('%', 1);
  if (!isIPv6(plain)) return address;
  const [head = '', tail] = plain.split('::');
  const groups = head === '' ? [] : head.split(':');
  if (tail !== undefined) {
    const last = tail === '' ? 0 : tail.split(':').length + (tail.includes('.') ? 1 : 0);
    while (groups.length < 8 - last) groups.push('0');
  }
  return groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':');
}
