import { createServer, type IncomingMessage, request as send } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';

const SCRIPT = new URL('../../scripts/start/sign-in-link.mjs', import.meta.url).href;

interface LinkModule {
  readonly openSignInLink: (options: {
    readonly address: string;
    readonly token: string;
    readonly path: string;
  }) => Promise<{ readonly url: string; readonly close: () => void }>;
}

/** What a collector answers that a token of this test signs in to. */
async function openLink() {
  const asked: { origin: string | undefined; body: string }[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (part: Buffer) => (body += part.toString()));
    request.on('end', () => {
      asked.push({ origin: request.headers.origin, body });
      response.writeHead(asked.length > 1 ? 500 : 200, { 'set-cookie': 'headcount=abc; HttpOnly' });
      response.end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { openSignInLink } = (await import(SCRIPT)) as LinkModule;
  const link = await openSignInLink({ address, token: 'hct_1', path: '/p/hello-cli' });
  onTestFinished(() => {
    link.close();
    server.close();
    server.closeAllConnections();
  });
  return { address, link, asked };
}

const get = (url: string, headers: Record<string, string> = {}) =>
  new Promise<IncomingMessage>((resolve, reject) => {
    send(url, { headers }, (response) => resolve(response.resume()))
      .once('error', reject)
      .end();
  });

describe('the link of npm start', () => {
  it('signs the first browser in, and sends it to the page', async () => {
    const { address, link, asked } = await openLink();
    const { statusCode, headers } = await get(link.url);
    expect([statusCode, headers.location]).toEqual([303, `${address}/p/hello-cli`]);
    expect(headers['set-cookie']).toEqual(['headcount=abc; HttpOnly']);
    expect(asked).toEqual([{ origin: address, body: '{"token":"hct_1"}' }]);
    expect(link.url).not.toContain('hct_1');
  });

  it('signs nobody else in', async () => {
    const { address, link, asked } = await openLink();
    await get(link.url);
    const { statusCode, headers } = await get(link.url);
    expect([statusCode, headers.location]).toEqual([303, `${address}/p/hello-cli`]);
    expect(headers['set-cookie']).toBeUndefined();
    expect(asked).toHaveLength(1);
  });

  it('knows no other code, and no other host', async () => {
    const { link, asked } = await openLink();
    const other = `${link.url.slice(0, -1)}${link.url.endsWith('A') ? 'B' : 'A'}`;
    const answers = [
      get(other),
      get(new URL('/', link.url).href),
      get(link.url, { host: 'rebound.example' }),
    ];
    const found = await Promise.all(answers);
    expect(found.map(({ statusCode }) => statusCode)).toEqual([404, 404, 404]);
    expect(asked).toEqual([]);
  });
});
