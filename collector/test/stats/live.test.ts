import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { MAX_UNREAD_BYTES, sendOrDrop } from '../../src/stats/live.js';
import { until } from '../support/until.js';

it('a reader that does not read is left behind, and nothing more is kept for it', async () => {
  let response: ServerResponse | undefined;
  const server = createServer((_request, given) => {
    response = given.writeHead(200);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1').pause();
  onTestFinished(() => void socket.destroy());
  socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
  await until('it is connected', () => response !== undefined);
  const event = Buffer.alloc(MAX_UNREAD_BYTES / 2, 'x');
  let most = 0;
  await until('it is dropped', () => {
    if (response === undefined || response.destroyed) return true;
    sendOrDrop(response, event);
    most = Math.max(most, response.writableLength);
    return false;
  });
  // With what frames a chunk.
  expect(most).toBeLessThan(MAX_UNREAD_BYTES + 100);
});
