import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import type { AtEnd } from '../../support/temporary-folder.js';

/** A way to a server that can be held up. */
export interface StallingProxy {
  readonly port: number;
  /** How many connections came. */
  connections(): number;
  /** From now on, connections are taken and nothing comes through. */
  stall(): void;
  /** From now on, new connections work. */
  flow(): void;
}

/** Starts a way to a port of this machine. */
export async function startStallingProxy(to: number, atEnd: AtEnd): Promise<StallingProxy> {
  let isStalled = false;
  let connections = 0;
  const open = new Set<Socket>();
  const server = createServer((client) => {
    connections++;
    const target = connect(to, '127.0.0.1');
    for (const [one, other] of [
      [client, target],
      [target, client],
    ] as const) {
      open.add(one);
      one.on('data', (bytes) => void (isStalled || other.write(bytes)));
      one.on('close', () => other.destroy());
      // The other side may be gone already.
      one.on('error', () => undefined);
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  atEnd(async () => {
    for (const one of open) one.destroy();
    server.close();
    await once(server, 'close');
  });
  return {
    port: (server.address() as AddressInfo).port,
    connections: () => connections,
    stall: () => void (isStalled = true),
    flow: () => void (isStalled = false),
  };
}
