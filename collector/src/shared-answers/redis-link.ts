import { createClient, RESP_TYPES } from '@redis/client';
import type { CacheLink } from './cache-link.js';

/** How long a connection may take to be opened, in milliseconds. */
const CONNECT_MS = 2000;

/** Commands that may wait for their answer on a connection. */
const MAX_COMMANDS = 256;

/** Opens a connection to a Redis or Valkey. See `OpenLink`. */
export async function openRedisLink(
  address: string,
  onEnd: (error: Error) => void,
): Promise<CacheLink> {
  const client = createClient({
    url: address,
    // Whoever asks decides when to connect again.
    socket: { connectTimeout: CONNECT_MS, reconnectStrategy: false },
    disableOfflineQueue: true,
    commandsQueueMaxLength: MAX_COMMANDS,
    // By a notice, a server could send the client to another one, or end the process.
    maintNotifications: 'disabled',
    commandOptions: { typeMapping: { [RESP_TYPES.BLOB_STRING]: Buffer } },
  });
  let isOpen = false;
  const close = (): void => {
    isOpen = false;
    if (client.isOpen) client.destroy();
  };
  client.on('error', (error: Error) => {
    if (!isOpen) return;
    close();
    onEnd(error);
  });
  try {
    await inTime(client.connect());
  } catch (error) {
    close();
    throw error;
  }
  isOpen = true;
  return {
    get isOpen() {
      return isOpen;
    },
    get: async (name, maxBytes) => {
      // Whatever lies there, no more of it comes. But what answers may be no Redis.
      const value: unknown = await client.getRange(name, 0, maxBytes - 1);
      if (value === null) return undefined;
      if (!Buffer.isBuffer(value)) {
        close();
        throw new TypeError('The cache has answered with something else than bytes.');
      }
      return value.length === 0 ? undefined : value;
    },
    set: async (name, value, keptMs) => {
      await client.set(name, value, { expiration: { type: 'PX', value: keptMs } });
    },
    close,
  };
}

/** The client's own limit ends with the connection: a server can be silent afterwards. */
async function inTime(opening: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('The cache does not answer.')), CONNECT_MS);
  });
  try {
    await Promise.race([opening, late]);
  } finally {
    clearTimeout(timer);
  }
}
