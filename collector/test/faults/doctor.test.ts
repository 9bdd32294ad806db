import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, request } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { startNamespace } from '../../../test/support/namespace.js';
import { createAuthority } from '../support/certificates.js';
import { startCollector } from '../support/start-collector.js';
import { startProcess } from '../support/start-process.js';
import { temporaryFolder } from '../support/temporary-folder.js';

interface Examined {
  readonly code: number | NodeJS.Signals | null;
  readonly said: string;
}

async function examine(
  args: readonly string[],
  wrapper: readonly string[] = [],
  env: Record<string, string> = {},
): Promise<Examined> {
  const { ended, stdout } = await startProcess(['doctor', ...args], env, { wrapper });
  return { code: await ended, said: stdout() };
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

it('tells a folder that is read-only', async () => {
  const data = temporaryFolder();
  const { wrapper } = await startNamespace('mount -t tmpfs -o ro,mode=700 tmpfs "$1"', data);
  const { code, said } = await examine(['--data', data], wrapper);
  expect([code, said]).toEqual([1, expect.stringMatching(/^FAIL +writing: .*read-only/m)]);
});

it('tells a disk that is full', async () => {
  const data = temporaryFolder();
  const script =
    'mount -t tmpfs -o size=1m,mode=700 tmpfs "$1"; dd if=/dev/zero of="$1/fill" 2>/dev/null || true';
  const { wrapper } = await startNamespace(script, data);
  const { code, said } = await examine(['--data', data], wrapper);
  expect(code).toBe(1);
  expect(said).toMatch(/^FAIL +writing: .*(full|no space)/im);
  expect(said).toMatch(/^warn +disk: .*100 % used.* Make room/m);
});

it('tells a folder of another user', async () => {
  const data = temporaryFolder();
  const wrapper = ['setpriv', '--reuid', '65534', '--regid', '65534', '--clear-groups'];
  chmodSync(data, 0o755);
  const { code, said } = await examine(['--data', data], wrapper);
  expect([code, said]).toEqual([
    1,
    expect.stringMatching(/^FAIL +owner: .* belongs to user 0, and this is user 65534: chown/m),
  ]);
  expect(said).toMatch(/^FAIL +writing: /m);
});

it('tells a collector whose clock is another', async () => {
  const hourMs = 3_600_000;
  const { app, data } = await startCollector({ now: () => new Date(Date.now() + hourMs) });
  const url = await app.listen({ port: 0, host: '127.0.0.1' });
  const address = { url, pid: process.pid, started_at: new Date().toISOString() };
  writeFileSync(join(data, 'collector.json'), JSON.stringify(address));
  const { code, said } = await examine(['--data', data]);
  expect([code, said]).toEqual([
    1,
    expect.stringMatching(/^FAIL +clock of collector: .* (3600|3599|3601) s ahead of .*NTP/m),
  ]);
});

it('tells a certificate that has expired, one that will, and one that nobody vouches for', async () => {
  const folder = temporaryFolder();
  const authority = createAuthority(folder);
  const env = { NODE_EXTRA_CA_CERTS: authority.cert };
  const ask = async (days: number, trusted: Record<string, string>): Promise<Examined> => {
    const { cert, key } = authority.issue(`server${days}`, 'localhost', days);
    const pair = { cert: readFileSync(cert), key: readFileSync(key) };
    const port = await listen(createTlsServer(pair, (_request, response) => response.end()));
    return examine(['--data', folder, '--url', `https://localhost:${port}`], [], trusted);
  };
  const expired = await ask(-1, env);
  expect([expired.code, expired.said]).toEqual([
    1,
    expect.stringMatching(/^FAIL +TLS: .*CERT_HAS_EXPIRED/m),
  ]);
  expect((await ask(3, env)).said).toMatch(/^warn +TLS: The certificate ends in 2 days/m);
  expect((await ask(90, {})).said).toMatch(/^FAIL +TLS: Clients do not trust the certificate/m);
  expect((await ask(91, env)).said).toMatch(/^ok +TLS: TLS works/m);
});

it('tells a proxy that is not trusted, and ends with 0 for warnings alone', async () => {
  const data = join(temporaryFolder(), 'data');
  mkdirSync(data);
  const args = ['--port', '0', '--no-announce', '--no-metrics', '--data', data];
  const collector = new URL(await (await startProcess(args)).url());
  const proxy = createServer((asked, answer) => {
    const headers = { ...asked.headers, 'x-forwarded-for': '(null), 1.2.3.4' };
    const { hostname, port } = collector;
    request({ hostname, port, path: asked.url, headers }, (answered) => {
      answer.writeHead(answered.statusCode ?? 0, answered.headers);
      answered.pipe(answer);
    }).end();
  });
  const url = `http://127.0.0.1:${await listen(proxy)}`;
  const { code, said } = await examine(['--data', data, '--url', url]);
  expect(said).toMatch(/^warn +proxy: .*--trusted-proxies/m);
  expect(said).toMatch(/^ok +public URL: /m);
  expect(said).not.toMatch(/^FAIL/m);
  expect(code).toBe(0);
});

it('tells a private key that every user can read', async () => {
  const data = temporaryFolder();
  const key = join(data, 'tls.key');
  writeFileSync(key, 'a key', { mode: 0o644 });
  chmodSync(key, 0o644);
  const named = await examine(['--data', data, '--tls-key', key]);
  expect(named.said).toMatch(/^warn +private key: .*mode 644.*chmod 600/m);
  chmodSync(key, 0o600);
  const { said } = await examine(['--data', data], [], { HEADCOUNT_TLS_KEY: key });
  expect(said).toMatch(/^ok +private key: /m);
});
