import { connect, createServer, type Socket } from 'node:net';
import { once } from 'node:events';
import type { AtEnd } from '../../support/temporary-folder.js';

/** A way to a server that can be cut without a word. */
export interface Cable {
  readonly port: number;
  /** How many connections came. */
  connections(): number;
  /** How many bytes came, for the server. */
  bytes(): number;
  /** From now on nothing comes through, in any direction, and nobody is told. */
  cut(): void;
  /** What was sent meanwhile comes through, as when a network is back. */
  mend(): void;
  /** Leads to another port from now on, as the address of a managed service does. */
  leadTo(port: number): void;
}

/** Starts a way to a port of this machine. */
export async function startCable(port: number, atEnd: AtEnd): Promise<Cable> {
  const sockets = new Set<Socket>();
  let to = port;
  let isCut = false;
  let [connections, bytes] = [0, 0];
  const server = createServer((near) => {
    connections++;
    const far = connect(to, '127.0.0.1');
    near.on('data', (chunk: Buffer) => (bytes += chunk.length));
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one);
      one.on('data', (chunk: Buffer) => other.write(chunk));
      one.on('error', () => undefined); // the other end is told by its close
      one.on('close', () => {
        sockets.delete(one);
        other.destroy();
      });
      if (isCut) one.pause();
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  atEnd(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has a port.');
  return {
    port: address.port,
    connections: () => connections,
    bytes: () => bytes,
    cut: () => {
      isCut = true;
      for (const socket of sockets) socket.pause();
    },
    mend: () => {
      isCut = false;
      for (const socket of sockets) socket.resume();
    },
    leadTo: (other) => {
      to = other;
      for (const socket of sockets) socket.destroy();
    },
  };
}
