import { once } from 'node:events';
import { connect, type Server } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { withToken } from '../support/admin-token.js';
import { openRaw, type RawConnection } from '../support/raw-connection.js';
import { startCollector } from '../support/start-collector.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { until } from '../support/until.js';

const MAX = 5;

async function open() {
  const collector = await startCollector({
    ...{ maxTokenListeners: MAX, maxListenersPerClient: 100, accessLog: 'all' },
  });
  const url = await collector.app.listen({ port: 0, host: '127.0.0.1' });
  const { authorization } = withToken();
  const listen = async (query = ''): Promise<RawConnection> => {
    const raw = await openRaw(url);
    raw.write(
      `GET /v1/logs/live${query} HTTP/1.1\r\nHost: a\r\nAuthorization: ${authorization}\r\n\r\n`,
    );
    await until('it is answered', () => raw.status() !== undefined);
    return raw;
  };
  return { collector, listen };
}

async function listenAt(server: Server, path: string): Promise<void> {
  server.listen(path);
  await once(server, 'listening');
}

describe('GET /v1/logs/live', () => {
  it('has a bounded number of readers, and room for the next once one has left', async () => {
    const { collector, listen } = await open();
    for (let round = 0; round < 3; round++) {
      const readers = await Promise.all(Array.from({ length: MAX }, () => listen()));
      expect(readers.map((one) => one.status())).toEqual(Array(MAX).fill(200));
      const late = await listen();
      expect(late.status()).toBe(503);
      late.socket.destroy();
      for (const { socket } of readers) socket.destroy();
      await until('there is room', async () => {
        const next = await listen();
        const status = next.status();
        next.socket.destroy();
        return status === 200;
      });
    }
    await until('nobody is connected', async () => {
      return (
        (await new Promise<number>((resolve) => {
          collector.app.server.getConnections((_error, count) => resolve(count));
        })) === 0
      );
    });
  });

  it('tells every reader what it asked for, and ends each with the collector', async () => {
    const { collector, listen } = await open();
    const all = await listen();
    const requests = await listen('?source=requests');
    const errors = await listen('?level=error');
    for (let n = 0; n < 100; n++) await collector.stranger('/livez');
    const countOf = (one: RawConnection): number =>
      one.received().split('"route":"/livez"').length - 1;
    await until('all is told', () => countOf(all) === 100 && countOf(requests) === 100);
    expect(errors.received()).not.toContain('event: log');
    expect(all.received()).not.toContain('left_out');
    await collector.close();
    await until('all have ended', () => [all, requests, errors].every((one) => one.isClosed()));
  });

  it('leaves out what a slow reader does not take, tells it how much, and slows no other', async () => {
    const collector = await startCollector({ accessLog: 'all' });
    await collector.app.ready();
    // A socket in the file system holds some 200 kB, one of TCP several MB.
    const path = join(temporaryFolder(), 'socket');
    await listenAt(collector.app.server, path);
    const listen = async () => {
      const socket = connect(path);
      let text = '';
      socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
      const { authorization } = withToken();
      socket.write(
        `GET /v1/logs/live?source=requests HTTP/1.1\r\nHost: a\r\nAuthorization: ${authorization}\r\n\r\n`,
      );
      await until('it is answered', () => text.startsWith('HTTP/1.1 200'));
      return {
        socket,
        count: () => {
          const told = [...text.matchAll(/event: left_out\ndata: \{"lines":(\d+)\}/g)];
          const leftOut = told.reduce((sum, [, n]) => sum + Number(n), 0);
          return { got: text.split('"route":"/livez"').length - 1, leftOut };
        },
      };
    };
    const reader = await listen();
    const slow = await Promise.all([listen(), listen()]);
    for (const { socket } of slow) socket.pause();
    let lines = 2500;
    for (let n = 1; n <= lines; n++) {
      await collector.stranger('/livez');
      // It reads as fast as lines come.
      if (n % 50 === 0) await until('the reader has all', () => reader.count().got === n);
    }
    expect(reader.count().leftOut).toBe(0);
    for (const { socket, count } of slow) {
      socket.resume();
      await until('it is told what it has missed', () => {
        const { got, leftOut } = count();
        return got + leftOut === lines;
      });
      expect(count().leftOut).toBeGreaterThan(lines / 2);
      await collector.stranger('/livez');
      lines++;
      await until('it goes on', () => count().got + count().leftOut === lines);
    }
    for (const { socket } of [reader, ...slow]) socket.destroy();
  });
});
