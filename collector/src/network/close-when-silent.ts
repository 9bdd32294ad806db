import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Closes a connection that was silent for too long only after another look for what has come on it.
 * When a machine stood still, timers are late too, and run before the requests that came meanwhile
 * are read: a proxy would get a reset for a request that it sent in time.
 */
export function closeWhenSilent(server: Server): void {
  server.on('timeout', (socket: Socket) => {
    const { bytesRead } = socket;
    // After the next look for input.
    setImmediate(() => {
      if (socket.bytesRead === bytesRead) socket.destroy();
    });
  });
}
