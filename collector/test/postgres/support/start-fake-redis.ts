import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { pipeline } from 'node:stream/promises';
import type { AtEnd } from '../../support/temporary-folder.js';

/** What a server does with a command. Text is sent as it is, one byte a character. */
export type Conduct = (command: readonly string[], send: (text: string) => void) => void;

/** A server that takes commands as Redis does, and does with them as it is told. */
export interface FakeRedis {
  readonly url: string;
  /** All commands so far, but for the greetings of connections. */
  readonly commands: readonly (readonly string[])[];
  /** How it greets, and what it does with all other commands. */
  behave(conduct: Conduct, greet?: Conduct): void;
  /** Sends a text on all connections, and another without an end; waits until the clients have left. */
  pour(first: string, further: string): Promise<void>;
  /** Ends all connections. */
  hangUp(): void;
}

/** Greets as Redis does. */
const greetWell: Conduct = (_, send) => send('+OK\r\n');

/** Keeps values for ever. */
export function keepWell(): Conduct {
  const values = new Map<string, string>();
  return ([name, key = '', value = ''], send) => {
    if (name === 'SET') values.set(key, value);
    const found = values.get(key) ?? '';
    send(name === 'GETRANGE' ? `$${found.length}\r\n${found}\r\n` : '+OK\r\n');
  };
}

/** Starts a server that greets and keeps as Redis does. */
export async function startFakeRedis(atEnd: AtEnd): Promise<FakeRedis> {
  const commands: string[][] = [];
  const sockets = new Set<Socket>();
  let conducts = { conduct: keepWell(), greet: greetWell };
  const server = createServer((socket) => {
    sockets.add(socket);
    let text = '';
    const send = (answer: string): void => {
      if (socket.writable) socket.write(answer, 'latin1');
    };
    socket
      .on('error', () => undefined) // the client leaves as it likes
      .on('close', () => sockets.delete(socket))
      .on('data', (chunk) => {
        text += chunk.toString('latin1');
        for (let read = readCommand(text); read !== undefined; read = readCommand(text)) {
          text = text.slice(read.length);
          const isGreeting = read.command[0] === 'AUTH';
          if (!isGreeting) commands.push(read.command);
          (isGreeting ? conducts.greet : conducts.conduct)(read.command, send);
        }
      });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const hangUp = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  const pour = async (first: string, further: string): Promise<void> => {
    const flood = [Buffer.from(first), Buffer.from(further.repeat(2 ** 14))] as const;
    // Each ends by an error, as the client leaves in the midst of it.
    await Promise.allSettled([...sockets].map((socket) => pipeline(endless(...flood), socket)));
  };
  atEnd(() => {
    server.close();
    hangUp();
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has a port.');
  return {
    ...{ url: `redis://:secret@127.0.0.1:${address.port}`, commands, pour, hangUp },
    behave: (conduct, greet = greetWell) => (conducts = { conduct, greet }),
  };
}

function* endless(first: Buffer, further: Buffer): Generator<Buffer> {
  yield first;
  for (;;) yield further;
}

/** The first command of a text, if all of it is there: a list of texts, each with its length. */
function readCommand(text: string): { command: string[]; length: number } | undefined {
  const head = /^\*(\d+)\r\n/.exec(text);
  if (head === null) return undefined;
  const command: string[] = [];
  let at = head[0].length;
  for (let left = Number(head[1]); left > 0; left--) {
    const size = /^\$(\d+)\r\n/.exec(text.slice(at, at + 16));
    if (size === null) return undefined;
    const start = at + size[0].length;
    const end = start + Number(size[1]);
    if (text.length < end + 2) return undefined;
    command.push(text.slice(start, end));
    at = end + 2;
  }
  return { command, length: at };
}
