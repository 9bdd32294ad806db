import { type AddressInfo, connect, createServer } from 'node:net';
import { onTestFinished } from 'vitest';

/** A SOCKS5 proxy without a password (RFC 1928) for IPv4 addresses; it counts its connections. */
export async function startSocksProxy(): Promise<{ port: number; connections: () => number }> {
  let connections = 0;
  const server = createServer((client) => {
    client.on('error', () => undefined);
    client.once('data', () => {
      client.write(Buffer.from([5, 0]));
      client.once('data', (request) => {
        connections += 1;
        const host = [...request.subarray(4, 8)].join('.');
        const target = connect(request.readUInt16BE(8), host, () => {
          client.write(Buffer.from([5, 0, 0, 1, 0, 0, 0, 0, 0, 0]));
          client.pipe(target).pipe(client);
        });
        target.on('error', () => client.destroy());
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return { port: (server.address() as AddressInfo).port, connections: () => connections };
}
