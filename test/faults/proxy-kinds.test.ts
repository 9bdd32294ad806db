import { createServer, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, connect } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { eventually } from '../support/eventually.js';
import { startFaultServer } from '../support/fault-server.js';
import { startHttpRecorder } from '../support/http-recorder.js';
import { createTestApp, runNode } from '../support/run-app.js';
import { selfSigned } from '../support/self-signed.js';
import { startSocks } from '../support/socks-server.js';
import { tempFolder } from '../support/temp-folder.js';

const HOST = 'stats.acme.test'; // a name that only the proxy can make something of
const BIN = new URL('../../dist/bin.js', import.meta.url).pathname;
const FILES = {
  'cli.mjs': `import { createHeadcount } from 'headcount';
    createHeadcount({ allowInsecure: true }).track();`,
  'server.mjs': `import { createHeadcount } from 'headcount';
    const headcount = createHeadcount({ allowInsecure: true }); headcount.track();
    const result = await headcount.flush({ timeoutMs: 12_000 });
    console.log(JSON.stringify({ ...result, error: headcount.status().error }));`,
};

/** Makes a proxy of a server: it connects every CONNECT to a port, and notes whom it is for. */
async function asProxy(server: Server, port: number): Promise<{ port: number; asked: string[] }> {
  const asked: string[] = [];
  server.on('connect', ({ url = '', headers }, socket, head) => {
    asked.push([url, headers['proxy-authorization']].filter(Boolean).join(' '));
    const target = connect(port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      target.write(head);
      target.pipe(socket);
      socket.pipe(target);
    });
    for (const end of [socket, target]) end.on('error', () => end.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return { port: (server.address() as AddressInfo).port, asked };
}

/** A collector reached by https, whose name only the proxy knows. */
async function setUp() {
  const folder = tempFolder('tls');
  const identity = selfSigned(folder, HOST);
  const collector = await startFaultServer(undefined, () => identity);
  const app = createTestApp(FILES);
  const env = {
    HEADCOUNT_ENDPOINT: `https://${HOST}`,
    NODE_EXTRA_CA_CERTS: join(folder, 'cert.pem'),
  };
  return { collector, app, env };
}

describe.each([
  ['undici', []],
  ['Node’s client', ['--jitless']],
])('by %s, a proxy', (_name, nodeArgs) => {
  it.each(['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'ALL_PROXY', 'all_proxy'])(
    'without a scheme in %s is one of HTTP',
    async (variable) => {
      const { collector, app, env } = await setUp();
      const proxy = await asProxy(createServer(), collector.port);
      const named = { [variable]: `ada:s%40cret@127.0.0.1:${proxy.port}` };
      const { stdout } = await app.run('server.mjs', { env: { ...env, ...named }, nodeArgs });
      expect(JSON.parse(stdout)).toEqual({ sent: 1, queued: 0, dropped: 0 });
      const basic = Buffer.from('ada:s@cret').toString('base64');
      expect(proxy.asked).toEqual([`${HOST}:443 Basic ${basic}`]);
    },
  );

  it('may be reached by TLS, whose certificate is checked', async () => {
    const { collector, app, env } = await setUp();
    const folder = tempFolder('proxy-tls');
    const identity = selfSigned(folder, 'localhost');
    const proxy = await asProxy(createTlsServer(identity), collector.port);
    const named = { ...env, HTTPS_PROXY: `https://localhost:${proxy.port}` };
    const strange = await app.run('server.mjs', { env: named, nodeArgs });
    expect(JSON.parse(strange.stdout)).toMatchObject({ sent: 0, queued: 1 });
    expect(strange.stdout).toMatch(/SELF_SIGNED|CERT/);
    const both = createTestApp({
      'server.mjs': FILES['server.mjs'].replace(
        'allowInsecure: true',
        `extraCa: ${JSON.stringify(identity.cert)}`,
      ),
    });
    const { stdout } = await both.run('server.mjs', { env: named, nodeArgs });
    expect(JSON.parse(stdout)).toEqual({ sent: 1, queued: 0, dropped: 0 });
    expect(proxy.asked).toEqual([`${HOST}:443`]);
  });

  it.each([
    ['socks5', undefined],
    ['socks5h', { name: 'ada', password: 's@cret' }],
    ['socks', undefined],
  ])('of %s leads to https, and resolves the name', async (scheme, user) => {
    const { collector, app, env } = await setUp();
    const socks = await startSocks(collector.port, user);
    const who = user ? `${user.name}:${encodeURIComponent(user.password)}@` : '';
    const named = { ...env, ALL_PROXY: `${scheme}://${who}127.0.0.1:${socks.port}` };
    const run = await app.run('server.mjs', { env: named, nodeArgs });
    expect(run.stderr.replace(/^Warning: disabling flag --expose_wasm.*\n/, '')).toBe('');
    expect(JSON.parse(run.stdout)).toEqual({ sent: 1, queued: 0, dropped: 0 });
    expect(socks.asked).toEqual([HOST]);
  });

  it('of SOCKS that wants another password keeps the report, and says so', async () => {
    const { collector, app, env } = await setUp();
    const socks = await startSocks(collector.port, { name: 'ada', password: 'x' });
    const named = { ...env, ALL_PROXY: `socks5://ada:y@127.0.0.1:${socks.port}` };
    const { stdout } = await app.run('server.mjs', { env: named, nodeArgs });
    expect(JSON.parse(stdout)).toMatchObject({ sent: 0, queued: 1 });
    expect(stdout).toMatch(/SOCKS5_AUTH/);
    expect(collector.connections()).toBe(0);
  });
});

describe('a proxy', () => {
  it('of SOCKS is used by the child, for http too', async () => {
    const recorder = await startHttpRecorder();
    onTestFinished(() => recorder.close());
    const socks = await startSocks(recorder.port);
    const app = createTestApp(FILES);
    const env = {
      HEADCOUNT_ENDPOINT: `http://${HOST}`,
      HTTP_PROXY: `socks5://127.0.0.1:${socks.port}`,
    };
    await app.run('cli.mjs', { env });
    await eventually(() => recorder.reports().length === 1, 'the report');
    expect(socks.asked).toEqual([HOST]);
  });

  it.each(['socks4://127.0.0.1:1', 'ftp://127.0.0.1:1', 'http://[::'])(
    'that cannot be used is never passed by, and `doctor` names it: %s',
    async (address) => {
      const folder = tempFolder('tls');
      const identity = selfSigned(folder, 'stats.acme.test');
      const collector = await startFaultServer(undefined, () => identity);
      const app = createTestApp({
        'server.mjs': FILES['server.mjs'].replace('12_000', '4_000'),
      });
      // The direct way would be free.
      const env = { HEADCOUNT_ENDPOINT: `http://127.0.0.2.nip.test:${collector.port}` };
      const named = { ...env, HTTP_PROXY: address };
      const { stdout } = await app.run('server.mjs', { env: named });
      expect(JSON.parse(stdout)).toMatchObject({
        sent: 0,
        queued: 1,
        error: 'the proxy in HTTP_PROXY is not supported',
      });
      expect(collector.connections()).toBe(0);
      const doctor = await runNode(BIN, app.home, {
        args: ['doctor', '--project', 'acme-cli', '--endpoint', 'https://stats.acme.test'],
        env: { HTTP_PROXY: address },
      });
      const what = address.includes('[')
        ? 'the address of a proxy'
        : `supported proxy (${address})`;
      expect(doctor.stdout).toContain(what);
      expect(doctor.stdout).toContain('so nothing is sent');
      expect(doctor.stdout).toMatch(/^Nothing will be sent: HTTP_PROXY does not name/m);
      expect(doctor.code).toBe(1); // since issue 11: nothing will be sent
    },
  );
});
