import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openRaw } from '../support/raw-connection.js';
import { fullReport } from '../support/reports.js';
import { startCollector, type TestCollector } from '../support/start-collector.js';
import { until } from '../support/until.js';

const undo: (() => void | Promise<void>)[] = [];
let collector: TestCollector;
let url: string;

beforeAll(async () => {
  collector = await startCollector({}, (step) => undo.unshift(step));
  url = await collector.app.listen({ port: 0, host: '127.0.0.1' });
});
afterAll(async () => {
  for (const step of undo) await step();
});

const JSON_TYPE = 'content-type: application/json';

function requestOf(body: string | Buffer, headers: readonly string[] = [JSON_TYPE]): Buffer {
  const bytes = Buffer.from(body);
  const head = [
    'POST /v1/reports HTTP/1.1',
    'host: x',
    `content-length: ${bytes.length}`,
    ...headers,
  ];
  return Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), bytes]);
}

const report = JSON.stringify(fullReport());
const within = (text: string, fields: string): string => text.replace('{', `{${fields},`);

describe('over a real connection', () => {
  it.each<[string, Buffer | string, number]>([
    ['keys that are there twice: the last one counts', within(report, '"project":7'), 202],
    [
      'keys that are there 100 000 times',
      within(report, '"x":0,'.repeat(50_000).slice(0, -1)),
      202,
    ],
    ['__proto__', within(report, '"__proto__":{"isAdmin":true}'), 400],
    ['constructor.prototype', within(report, '"constructor":{"prototype":{}}'), 400],
    ['bytes that are no UTF-8', Buffer.from(within(report, '"x":"\xff\xfe"'), 'latin1'), 400],
    ['an overlong NUL', Buffer.from(within(report, '"x":"\xc0\x80"'), 'latin1'), 400],
    ['a NUL byte', within(report, '"x":"\0"'), 400],
    ['an escaped NUL', within(report, '"x":"\\u0000"'), 422],
    ['half a character', within(report, '"x":"\\ud800"'), 202],
    ['a byte order mark', `\ufeff${report}`, 202],
    ['two values', `${report}${report}`, 400],
    ['a number of 100 000 digits', within(report, `"x":${'9'.repeat(100_000)}`), 202],
    ['numbers beyond all bounds', within(report, '"lost_total":1e999,"x":-1e-999'), 202],
    ['a list 33 deep', within(report, `"x":${'['.repeat(32)}${']'.repeat(32)}`), 413],
    ['a list 32 deep', within(report, `"x":${'['.repeat(31)}${']'.repeat(31)}`), 202],
    ['nothing', '', 400],
  ])('gets the right status: %s', async (_what, body, status) => {
    const raw = await openRaw(url);
    raw.write(requestOf(body));
    await until('there is an answer', () => raw.status() !== undefined);
    expect(raw.status()).toBe(status);
    expect(({} as Record<string, unknown>)['isAdmin']).toBeUndefined();
    raw.socket.destroy();
  });

  it.each<[string, string | Buffer, number]>([
    ['noise', Buffer.from(Array.from({ length: 500 }, (_, n) => (n * 89) % 256)), 400],
    ['an HTTP/2 preface', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400],
    ['a TLS handshake', Buffer.from('16030100c8010000c40303', 'hex'), 400],
    [
      'a length that is none',
      'POST /v1/reports HTTP/1.1\r\nhost: x\r\ncontent-length: -1\r\n\r\n',
      400,
    ],
    [
      'two lengths',
      'POST /v1/reports HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n{}',
      400,
    ],
    [
      'a length and chunks: smuggling',
      'POST /v1/reports HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
      400,
    ],
    [
      'a chunk of no size',
      `POST /v1/reports HTTP/1.1\r\nhost: x\r\n${JSON_TYPE}\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n`,
      400,
    ],
    ['20 kB of headers', `GET / HTTP/1.1\r\nhost: x\r\nx: ${'y'.repeat(20_000)}\r\n\r\n`, 431],
    ['a header with a NUL', 'GET / HTTP/1.1\r\nhost: x\r\nx: a\0b\r\n\r\n', 400],
    ['no host', 'GET / HTTP/1.1\r\n\r\n', 400],
    ['a path that is no text', 'GET /%ff%zz HTTP/1.1\r\nhost: x\r\n\r\n', 400],
    [
      'the address of another server, which is not asked',
      'GET http://example.com/stats HTTP/1.1\r\nhost: x\r\n\r\n',
      200,
    ],
    ['CONNECT', 'CONNECT example.com:443 HTTP/1.1\r\nhost: x\r\n\r\n', 0],
    [
      'an upgrade',
      'GET / HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n',
      200,
    ],
    [
      'a body said to be 2 MB',
      `POST /v1/reports HTTP/1.1\r\nhost: x\r\n${JSON_TYPE}\r\ncontent-length: 2000000\r\n\r\n{`,
      413,
    ],
    [
      'an expectation nobody has',
      `POST /v1/reports HTTP/1.1\r\nhost: x\r\n${JSON_TYPE}\r\nexpect: miracles\r\ncontent-length: 2\r\n\r\n{}`,
      417,
    ],
  ])('is no way to hurt: %s', async (_what, bytes, status) => {
    const raw = await openRaw(url);
    raw.write(bytes);
    await until('it is answered or cut off', () => raw.status() !== undefined || raw.isClosed());
    expect(raw.status() ?? 0).toBe(status);
    expect((await fetch(`${url}/health`)).status).toBe(200);
    raw.socket.destroy();
  });

  it('answers each of many requests that are sent at once on one connection', async () => {
    const raw = await openRaw(url);
    const requests = Array.from({ length: 50 }, () => requestOf(JSON.stringify(fullReport())));
    raw.write(Buffer.concat(requests));
    await until(
      'all are answered',
      () => raw.received().match(/HTTP\/1\.1 202/g)?.length === requests.length,
    );
    raw.socket.destroy();
  });

  it('logs none of it as a failure of its own', () => {
    const failures = collector.log().match(/^.*"level":"(error|fatal)".*$/gm);
    expect(failures).toBeNull();
  });
});
