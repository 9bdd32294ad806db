import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** A SOCKS5 proxy (RFC 1928) that leads every host name to one port of this machine. */
export async function startSocks(
  port: number,
  user?: { readonly name: string; readonly password: string },
): Promise<{ readonly port: number; readonly asked: readonly string[] }> {
  const asked: string[] = [];
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    void serve(socket).catch(() => socket.destroy());
  });

  async function serve(socket: Socket): Promise<void> {
    const [, count = 0] = await bytes(socket, 2);
    const methods = [...(await bytes(socket, count))];
    const method = user ? 2 : 0;
    if (!methods.includes(method)) return void socket.end(Buffer.from([5, 0xff]));
    socket.write(Buffer.from([5, method]));
    if (user) {
      const [, nameLength = 0] = await bytes(socket, 2);
      const name = (await bytes(socket, nameLength)).toString();
      const [passwordLength = 0] = await bytes(socket, 1);
      const password = (await bytes(socket, passwordLength)).toString();
      const isKnown = name === user.name && password === user.password;
      socket.write(Buffer.from([1, isKnown ? 0 : 1]));
      if (!isKnown) return void socket.end();
    }
    const [, , , type] = await bytes(socket, 4);
    const [length = 0] = type === 3 ? await bytes(socket, 1) : [type === 1 ? 4 : 16];
    const host = await bytes(socket, length);
    await bytes(socket, 2);
    asked.push(type === 3 ? host.toString() : [...host].join('.'));
    const target = connect(port, '127.0.0.1', () => {
      socket.write(Buffer.from([5, 0, 0, 1, 127, 0, 0, 1, 0, 0]));
      target.pipe(socket);
      socket.pipe(target);
    });
    target.on('error', () => socket.destroy());
    socket.on('close', () => target.destroy());
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return { port: (server.address() as AddressInfo).port, asked };
}

/** The next so many bytes of a socket. */
async function bytes(socket: Socket, count: number): Promise<Buffer> {
  if (count === 0) return Buffer.alloc(0);
  for (;;) {
    // The cast: without an encoding, a socket reads buffers.
    const read = socket.read(count) as Buffer | null;
    if (read) return read;
    if (socket.readableEnded || socket.destroyed) throw new Error('the client has gone');
    await new Promise((resolve) => socket.once('readable', resolve).once('end', resolve));
  }
}
