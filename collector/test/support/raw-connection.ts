import { connect, type Socket } from 'node:net';

/** A connection that sends what it likes. */
export interface RawConnection {
  readonly socket: Socket;
  write(data: string | Uint8Array): void;
  /** All that came back so far. */
  received(): string;
  /** The status of the last answer; `undefined` if there is none. */
  status(): number | undefined;
  isClosed(): boolean;
}

/** Opens a connection to the collector. An error ends it and is nothing more. */
export function openRaw(url: string): Promise<RawConnection> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  let received = '';
  let closed = false;
  socket.on('data', (chunk: Buffer) => (received += chunk.toString('latin1')));
  socket.on('error', () => undefined);
  socket.on('close', () => (closed = true));
  return new Promise((resolve) => {
    socket.once('connect', () =>
      resolve({
        socket,
        write: (data) => void (socket.writable && socket.write(data)),
        received: () => received,
        status: () => {
          const last = [...received.matchAll(/^HTTP\/1\.1 (\d{3})/gm)].at(-1)?.[1];
          return last === undefined ? undefined : Number(last);
        },
        isClosed: () => closed,
      }),
    );
  });
}
