import { once } from 'node:events';
import { createConnection, type AddressInfo } from 'node:net';
import { constants, brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { MAX_BODY_BYTES, MAX_COMPRESSED_BYTES } from '../../src/intake/limits.js';
import { firstGenerationReport, fullReport } from '../support/reports.js';
import { shareCollector } from '../support/share-collector.js';
import { startCollector } from '../support/start-collector.js';

const gzip = (body: unknown): Buffer => gzipSync(JSON.stringify(body));
const brotli = (body: unknown): Buffer => brotliCompressSync(JSON.stringify(body));
const gzipZeros = (bytes: number): Buffer => gzipSync(Buffer.alloc(bytes));
const brotliZeros = (bytes: number): Buffer =>
  brotliCompressSync(Buffer.alloc(bytes), { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } });

/** A report that is exactly so large, in bytes. */
function reportOf(bytes: number): string {
  const text = (padding: string): string => JSON.stringify({ ...fullReport(), padding });
  return text('x'.repeat(bytes - text('').length));
}

describe('a compressed body', () => {
  it.each<[string, (body: unknown) => Buffer | string]>([
    ['gzip', gzip],
    ['GZip', gzip],
    ['x-gzip', gzip],
    ['br', brotli],
    ['identity', (body) => JSON.stringify(body)],
  ])('is read: %s', async (encoding, compress) => {
    const collector = await startCollector();
    const headers = { 'content-encoding': encoding };
    const reports = Array.from({ length: 500 }, () => fullReport());
    const sent: [string, unknown, number][] = [
      ['/v1/reports', fullReport(), 202],
      ['/v1/reports', { sent_at: '2026-11-22T21:00:00.000Z', reports }, 202],
      ['/statistics', firstGenerationReport(), 200],
      ['/?action=statistics', firstGenerationReport(), 200],
    ];
    for (const [url, body, status] of sent) {
      expect((await collector.post(url, compress(body), headers)).status).toBe(status);
    }
    expect((await collector.get('/stats')).body).toMatchObject({
      total_users: 2,
      total_reports: 503,
    });
  });

  it('may be as large as the limit once it is inflated, and no larger', async () => {
    const collector = await startCollector();
    const headers = { 'content-encoding': 'gzip' };
    const post = (bytes: number) =>
      collector.post('/v1/reports', gzipSync(reportOf(bytes)), headers);
    expect((await post(MAX_BODY_BYTES)).status).toBe(202);
    expect((await post(MAX_BODY_BYTES + 1)).status).toBe(413);
    expect((await collector.get('/stats')).body).toMatchObject({ total_reports: 1 });
  });
});

describe('a compressed body that cannot be read', () => {
  const shared = shareCollector();
  const valid = gzip(fullReport());

  beforeAll(async () => {
    await shared().post('/v1/reports', fullReport());
  });

  interface Case {
    readonly what: string;
    readonly encoding: string;
    readonly body: Buffer | string;
    readonly status: number;
    readonly code: string;
  }
  const corrupt = { status: 400, code: 'corrupt_body' };
  const tooLarge = { status: 413, code: 'too_large' };
  const unknown = { status: 415, code: 'wrong_content_encoding' };
  const notJson = { status: 400, code: 'not_json' };

  it.each<Case>([
    { what: '10 MB of zeros', encoding: 'gzip', body: gzipZeros(10_000_000), ...tooLarge },
    { what: '10 MB of zeros', encoding: 'br', body: brotliZeros(10_000_000), ...tooLarge },
    { what: 'a bomb in a bomb', encoding: 'gzip', body: gzipSync(gzipZeros(10e6)), ...notJson },
    { what: 'a bomb in a bomb', encoding: 'gzip, gzip', body: gzipSync(valid), ...unknown },
    {
      what: 'a bomb of many members',
      encoding: 'gzip',
      body: Buffer.concat(Array.from({ length: 100 }, () => gzipZeros(20_000))),
      ...tooLarge,
    },
    {
      what: 'more than may come over the wire',
      encoding: 'gzip',
      body: Buffer.concat([valid, Buffer.alloc(MAX_COMPRESSED_BYTES)]),
      ...tooLarge,
    },
    { what: 'a cut body', encoding: 'gzip', body: valid.subarray(0, -9), ...corrupt },
    { what: 'a cut body', encoding: 'br', body: brotli(fullReport()).subarray(0, -9), ...corrupt },
    { what: 'a head alone', encoding: 'gzip', body: valid.subarray(0, 10), ...corrupt },
    {
      what: 'garbage after a head',
      encoding: 'gzip',
      body: Buffer.concat([valid.subarray(0, 10), Buffer.alloc(500, 0xa5)]),
      ...corrupt,
    },
    {
      what: 'garbage after a report',
      encoding: 'gzip',
      body: Buffer.concat([valid, Buffer.from('garbage')]),
      ...corrupt,
    },
    {
      what: 'a wrong checksum',
      encoding: 'gzip',
      body: Buffer.concat([valid.subarray(0, -8), Buffer.alloc(8)]),
      ...corrupt,
    },
    { what: 'plain JSON', encoding: 'gzip', body: JSON.stringify(fullReport()), ...corrupt },
    { what: 'plain JSON', encoding: 'br', body: JSON.stringify(fullReport()), ...corrupt },
    { what: 'gzip under another name', encoding: 'br', body: valid, ...corrupt },
    { what: 'brotli under another name', encoding: 'gzip', body: brotli({}), ...corrupt },
    { what: 'no byte at all', encoding: 'gzip', body: '', ...corrupt },
    { what: 'no byte within', encoding: 'gzip', body: gzipSync(''), ...notJson },
    { what: 'no JSON within', encoding: 'br', body: brotliCompressSync('{'), ...notJson },
    { what: 'a body that is compressed unsaid', encoding: 'identity', body: valid, ...notJson },
    { what: 'an encoding nobody knows', encoding: 'zstd', body: valid, ...unknown },
    { what: 'an encoding left out', encoding: 'deflate', body: deflateSync('{}'), ...unknown },
    { what: 'the name of a property', encoding: '__proto__', body: valid, ...unknown },
    { what: 'an empty name', encoding: '', body: valid, ...unknown },
  ])('is refused and changes nothing: $what ($encoding)', async (testCase) => {
    const { encoding, body, status, code } = testCase;
    const before = (await shared().get('/stats')).body;
    for (const url of ['/v1/reports', '/statistics']) {
      const answer = await shared().post(url, body, { 'content-encoding': encoding });
      expect(answer).toMatchObject({ status, body: { status, code } });
      expect(answer.headers['content-type']).toBe('application/problem+json');
      expect(answer.headers['accept-encoding']).toBe(
        status === 415 ? 'gzip, br, identity' : undefined,
      );
      if (status === 413) {
        const { detail } = answer.body;
        expect(detail).toContain(`${MAX_BODY_BYTES} bytes`);
        expect(detail).toContain(`${MAX_COMPRESSED_BYTES} bytes`);
      }
    }
    expect((await shared().get('/stats')).body).toEqual(before);
    expect(await shared().store.quality({ project: null })).toEqual({ accepted: 1 });
  });

  describe('by its length', () => {
    /** All that is answered to one POST over a connection that ends after it. */
    const exchange = async (contentLength: number): Promise<string> => {
      const { app } = shared();
      if (!app.server.listening) await app.listen({ port: 0, host: '127.0.0.1' });
      const { port } = app.server.address() as AddressInfo;
      const socket = createConnection({ port, host: '127.0.0.1' });
      let answer = '';
      socket.on('data', (chunk: Buffer) => (answer += chunk.toString()));
      const head = [
        'POST /v1/reports HTTP/1.1',
        'Host: localhost',
        'Content-Type: application/json',
        'Content-Encoding: gzip',
        `Content-Length: ${contentLength}`,
      ];
      socket.end(Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), valid]));
      await once(socket, 'close');
      return answer;
    };

    it.each([
      ['a byte more than comes', valid.length + 1, /^(HTTP\/1\.1 400 |$)/],
      ['as long as it is inflated', JSON.stringify(fullReport()).length, /^(HTTP\/1\.1 400 |$)/],
      ['a byte less than comes', valid.length - 1, /^HTTP\/1\.1 400 /],
      // Its rest is waited for, so that proxies get the 413, and does not come.
      ['more than may be', 2 * MAX_BODY_BYTES, /^HTTP\/1\.1 400 /],
    ])('is refused and changes nothing: %s', async (_what, contentLength, expected) => {
      const before = (await shared().get('/stats')).body;
      expect(await exchange(contentLength)).toMatch(expected);
      expect((await shared().get('/stats')).body).toEqual(before);
      expect((await shared().get('/health')).status).toBe(200);
    });
  });
});
