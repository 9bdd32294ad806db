import { once } from 'node:events';
import { createConnection, type AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { fullReport } from './support/reports.js';
import { startCollector } from './support/start-collector.js';
import { until } from './support/until.js';

describe('a collector that closes', () => {
  it('finishes what it has begun and answers what comes after with 503 and Retry-After', async () => {
    const collector = await startCollector();
    await collector.app.listen({ port: 0, host: '127.0.0.1' });
    const { server } = collector.app;
    const { port } = server.address() as AddressInfo;
    const socket = createConnection({ port, host: '127.0.0.1' });
    let answers = '';
    socket.on('data', (chunk: Buffer) => (answers += chunk.toString()));
    const begun = once(server, 'request');
    const body = JSON.stringify(fullReport());
    const head = [
      'POST /v1/reports HTTP/1.1',
      'Host: localhost',
      'Content-Type: application/json',
      `Content-Length: ${body.length}`,
    ];
    socket.write(`${head.join('\r\n')}\r\n\r\n${body.slice(0, 20)}`);
    await begun;

    const closed = collector.close();
    await until('it does not listen', () => !server.listening);
    socket.write(`${body.slice(20)}GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n`);
    await once(socket, 'close');
    await closed;
    const [first, second] = answers.split(/(?=HTTP\/1\.1 )/);
    expect(first).toMatch(/^HTTP\/1\.1 202 /);
    expect(second).toMatch(/^HTTP\/1\.1 503 /);
    expect(second).toMatch(/^retry-after: 5\r$/im);
    expect(second).toContain('"code":"closing"');
  });
});
