import { once } from 'node:events';
import type { CacheLink } from './cache-link.js';
import { readRedisAddress } from './redis-address.js';
import { type Awaiting, createReplyReader } from './reply-reader.js';

/** How long a connection may take until the server has taken the account, in milliseconds. */
const OPEN_MS = 2000;

/** After what silence the system looks whether the server is still there, in milliseconds. */
const KEEP_ALIVE_MS = 5000;

/** Commands that may wait for their reply on a connection. */
const MAX_COMMANDS = 256;

/** Opens a connection to a Redis or Valkey. See `OpenLink`. */
export async function openRedisLink(
  address: string,
  onEnd: (error: Error) => void,
): Promise<CacheLink> {
  const { connect, readyEvent, greetings } = readRedisAddress(address);
  const awaited: Awaiting[] = [];
  const read = createReplyReader(awaited);
  let cause = new Error('The connection to the cache was closed.');
  /** Whether its end is told: not before it is open, nor after it was closed. */
  let isWatched = false;
  const socket = connect()
    .setNoDelay()
    .setKeepAlive(true, KEEP_ALIVE_MS)
    .on('data', (bytes) => {
      try {
        read(bytes);
      } catch (error) {
        socket.destroy(error instanceof Error ? error : undefined);
      }
    })
    .on('end', () => socket.destroy(new Error('The cache has ended the connection.')))
    .on('error', (error) => (cause = error))
    .on('close', () => {
      for (const { reject } of awaited.splice(0)) reject(cause);
      if (isWatched) onEnd(cause);
    });

  const ask = (
    words: readonly (string | Buffer)[],
    maxBytes?: number,
  ): Promise<Buffer | undefined> =>
    new Promise((resolve, reject) => {
      if (socket.destroyed) throw cause;
      if (awaited.length >= MAX_COMMANDS) throw new Error('Too many commands wait for the cache.');
      awaited.push({ maxBytes, resolve, reject });
      socket.write(commandOf(words));
    });
  const close = (): void => {
    isWatched = false;
    socket.destroy();
  };

  const timer = setTimeout(() => socket.destroy(new Error('The cache does not answer.')), OPEN_MS);
  try {
    await once(socket, readyEvent);
    for (const greeting of greetings) await ask(greeting);
    if (socket.destroyed) throw cause;
  } catch (error) {
    close();
    throw error;
  } finally {
    clearTimeout(timer);
  }
  isWatched = true;
  return {
    get isOpen() {
      return !socket.destroyed;
    },
    get: async (name, maxBytes) => {
      // Whatever lies there, no more of it comes.
      const value = await ask(['GETRANGE', name, '0', String(maxBytes - 1)], maxBytes);
      return value?.length === 0 ? undefined : value;
    },
    set: async (name, value, keptMs) => {
      await ask(['SET', name, value, 'PX', String(keptMs)]);
    },
    close,
  };
}

/** A command as Redis takes it: a list of texts, each with its length. */
function commandOf(words: readonly (string | Buffer)[]): Buffer {
  const parts = words.flatMap((word) => [`$${Buffer.byteLength(word)}\r\n`, word, '\r\n']);
  return Buffer.concat([`*${words.length}\r\n`, ...parts].map((part) => Buffer.from(part)));
}
