import type { App } from './app-types.js';

/** How long closing waits for requests in flight before it cuts them off, in milliseconds. */
const FINISH_REQUESTS_MS = 5000;

/** Refuses new requests, and finishes those in flight. */
export async function closeServer(app: App): Promise<void> {
  const cutOff = setTimeout(() => app.server.closeAllConnections(), FINISH_REQUESTS_MS);
  try {
    await app.close();
  } finally {
    clearTimeout(cutOff);
  }
}
