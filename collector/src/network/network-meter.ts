import type { Server, Socket } from 'node:net';

/** Why a connection failed, in few words, so that it can be a label. */
export const CONNECTION_ERRORS = ['reset', 'timeout', 'malformed', 'tls', 'other'] as const;

/** One of {@link CONNECTION_ERRORS}. */
export type ConnectionError = (typeof CONNECTION_ERRORS)[number];

/** What went through the collector's port since the start. */
export interface NetworkFigures {
  readonly bytesIn: number;
  readonly bytesOut: number;
  /** All connections that were accepted. */
  readonly connections: number;
  readonly openConnections: number;
  /** Connections that ended with an error, by its kind. */
  readonly errors: Readonly<Record<ConnectionError, number>>;
}

/** Counts what goes through a server's port. */
export interface NetworkMeter {
  read(): NetworkFigures;
}

const noErrors = (): Record<ConnectionError, number> => ({
  ...{ reset: 0, timeout: 0, malformed: 0, tls: 0, other: 0 },
});

/** Watches the connections of a server. A connection costs it an entry; a request costs nothing. */
export function watchNetwork(server: Server): NetworkMeter {
  const open = new Set<Socket>();
  const errors = noErrors();
  let [bytesIn, bytesOut, connections] = [0, 0, 0];
  server.on('connection', (socket: Socket) => {
    connections += 1;
    open.add(socket);
    socket.once('close', () => {
      open.delete(socket);
      bytesIn += socket.bytesRead;
      bytesOut += socket.bytesWritten;
    });
  });
  server.on('clientError', (error: Error) => {
    errors[kindOf(error)] += 1;
  });
  server.on('tlsClientError', () => {
    errors.tls += 1;
  });
  return {
    read: () => ({
      bytesIn: [...open].reduce((sum, socket) => sum + socket.bytesRead, bytesIn),
      bytesOut: [...open].reduce((sum, socket) => sum + socket.bytesWritten, bytesOut),
      connections,
      openConnections: open.size,
      errors: { ...errors },
    }),
  };
}

function kindOf(error: Error): ConnectionError {
  const code = 'code' in error ? String(error.code) : '';
  if (code === 'ECONNRESET' || code === 'EPIPE') return 'reset';
  if (code === 'ETIMEDOUT' || code === 'ERR_HTTP_REQUEST_TIMEOUT') return 'timeout';
  return code.startsWith('HPE_') ? 'malformed' : 'other';
}
