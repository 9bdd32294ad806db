import { Socket } from 'node:net';
import pg from 'pg';

/** How a client reaches its server. */
interface Link {
  readonly config: pg.ClientConfig;
  readonly socket: Socket;
}

const links = new WeakMap<pg.Client, Link>();

/** Creates a client, which is not connected yet, that {@link watchServer} can watch. */
export function createClient(config: pg.ClientConfig): pg.Client {
  const socket = new Socket();
  const client = new pg.Client({ ...config, stream: () => socket });
  // A lost connection fails the next statement: without a listener it would end the process.
  client.on('error', () => undefined);
  links.set(client, { config, socket });
  return client;
}

/** Lets a server find soon that the machine of a node is gone. */
export const FIND_GONE_NODES =
  'SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3';

/** How long statements may take before their server is looked for, in milliseconds. */
const LOOK_EVERY_MS = 3000;

/**
 * Looks whether the server of a client can be reached as long as something waits for it, however long
 * a statement takes. One that cannot fails it: the system itself would wait for a quarter of an hour
 * for a machine that is gone without a word.
 *
 * @returns A function that ends the watch.
 */
export function watchServer(client: pg.Client): () => void {
  const link = links.get(client);
  if (link === undefined) throw new TypeError('Only a client of createClient() can be watched.');
  let isLooking = false;
  const look = async (): Promise<void> => {
    if (isLooking) return;
    isLooking = true;
    if (!(await isThere(link.config))) link.socket.destroy();
    isLooking = false;
  };
  const timer = setInterval(() => void look(), LOOK_EVERY_MS);
  timer.unref();
  return () => clearInterval(timer);
}

/** Whether a server answers, even if it takes no further connection. */
async function isThere(config: pg.ClientConfig): Promise<boolean> {
  const client = createClient(config);
  try {
    await client.connect();
    return true;
  } catch (error) {
    return error instanceof pg.DatabaseError;
  } finally {
    await client.end().catch(() => undefined); // it is used no further
  }
}
