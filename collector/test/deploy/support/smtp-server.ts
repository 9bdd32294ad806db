import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import type { AtEnd } from '../../support/temporary-folder.js';

/** A mail that a server took. */
export interface TakenMail {
  readonly from: string;
  readonly to: readonly string[];
  /** As it came, without the dots that the protocol adds. */
  readonly text: string;
}

export interface SmtpServer {
  readonly port: number;
  readonly mails: readonly TakenMail[];
}

/** A mail server that takes everything, as far as RFC 5321 asks of the smallest one. */
export async function startSmtpServer(atEnd: AtEnd): Promise<SmtpServer> {
  const mails: TakenMail[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
    serve(socket, (mail) => mails.push(mail));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  atEnd(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  });
  return { port: (server.address() as AddressInfo).port, mails };
}

function serve(socket: Socket, onMail: (mail: TakenMail) => void): void {
  let buffer = '';
  let from = '';
  let to: string[] = [];
  let isData = false;
  const say = (line: string): void => void socket.write(`${line}\r\n`);
  const obey = (line: string): void => {
    const address = /<([^>]*)>/.exec(line)?.[1] ?? '';
    if (/^(EHLO|HELO)/i.test(line)) say('250 localhost');
    else if (/^MAIL FROM:/i.test(line)) {
      from = address;
      to = [];
      say('250 ok');
    } else if (/^RCPT TO:/i.test(line)) {
      to.push(address);
      say('250 ok');
    } else if (/^DATA/i.test(line)) {
      isData = true;
      say('354 go on');
    } else if (/^QUIT/i.test(line)) {
      say('221 bye');
      socket.end();
    } else say('250 ok');
  };
  say('220 localhost');
  socket.setEncoding('utf8');
  socket.on('data', (chunk: string) => {
    buffer += chunk;
    for (;;) {
      const end = isData ? '\r\n.\r\n' : '\r\n';
      const at = buffer.indexOf(end);
      if (at < 0) return;
      const part = buffer.slice(0, at);
      buffer = buffer.slice(at + end.length);
      if (isData) {
        onMail({ from, to, text: part.replaceAll('\r\n..', '\r\n.') });
        isData = false;
        say('250 taken');
      } else obey(part);
    }
  });
}
