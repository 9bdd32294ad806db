import { Socket } from 'node:net';
import pg from 'pg';

/** A client, which is not connected yet, whose server {@link watchServer} can look for. */
export class WatchableClient extends pg.Client {
  readonly config: pg.ClientConfig;
  readonly #socket: Socket;

  constructor(config: pg.ClientConfig = {}) {
    const socket = new Socket();
    super({ ...config, stream: () => socket });
    this.config = config;
    this.#socket = socket;
    // A lost connection fails the next statement: without a listener it would end the process.
    this.on('error', () => undefined);
  }

  /** Ends the connection without a word to the server. */
  cut(): void {
    this.#socket.destroy();
  }
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
export function watchServer(client: WatchableClient): () => void {
  let isLooking = false;
  const look = async (): Promise<void> => {
    if (isLooking) return;
    isLooking = true;
    if (!(await isThere(client.config))) client.cut();
    isLooking = false;
  };
  const timer = setInterval(() => void look(), LOOK_EVERY_MS);
  timer.unref();
  return () => clearInterval(timer);
}

/** Watches the server of a client while work waits for it; see {@link watchServer}. */
export async function whileWatched<Result>(
  client: WatchableClient,
  work: () => Promise<Result>,
): Promise<Result> {
  const endWatch = watchServer(client);
  try {
    return await work();
  } finally {
    endWatch();
  }
}

/** Whether a server answers, even if it takes no further connection. */
async function isThere(config: pg.ClientConfig): Promise<boolean> {
  const client = new WatchableClient(config);
  try {
    await client.connect();
    return true;
  } catch (error) {
    return error instanceof pg.DatabaseError;
  } finally {
    await client.end().catch(() => undefined); // it is used no further
  }
}
