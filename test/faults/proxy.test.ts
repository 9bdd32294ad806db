import { createServer, request } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { eventually } from '../support/eventually.js';
import { startFaultServer } from '../support/fault-server.js';
import { type HttpRecorder, startHttpRecorder } from '../support/http-recorder.js';
import { createTestApp } from '../support/run-app.js';
import { selfSigned } from '../support/self-signed.js';
import { tempFolder } from '../support/temp-folder.js';

const HOST = 'stats.acme.test'; // a name that only the proxy can make something of
const options = `{ endpoint: 'http://${HOST}', allowInsecure: true }`;
const APP = {
  'cli.mjs': `import { createHeadcount } from 'headcount';
    createHeadcount(${options}).track(); console.log('done');`,
  'server.mjs': `import { createHeadcount } from 'headcount';
    const headcount = createHeadcount(${options}); headcount.track();
    console.log(JSON.stringify(await headcount.flush({ timeoutMs: 8_000 })));`,
  'loopback.mjs': `import { track } from 'headcount'; track(); console.log('done');`,
};

/** A real proxy: it forwards to the recorder whatever is asked of it for the host, by CONNECT or not. */
async function startProxy(
  recorder: Pick<HttpRecorder, 'address' | 'port'>,
  { isRefusing = false } = {},
): Promise<{ address: string; asked: string[] }> {
  const asked: string[] = [];
  const server = createServer((incoming, outgoing) => {
    asked.push(incoming.url ?? '');
    if (isRefusing) {
      outgoing.writeHead(407, { 'proxy-authenticate': 'Basic' }).end();
      return;
    }
    const { method, headers, url = '/' } = incoming;
    const { pathname } = new URL(url, `http://${HOST}`);
    const forwarded = request(`${recorder.address}${pathname}`, { method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502);
      answer.pipe(outgoing);
    });
    incoming.pipe(forwarded);
  });
  server.on('connect', (incoming, socket, head) => {
    asked.push(incoming.url ?? '');
    if (isRefusing) {
      socket.end('HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\n\r\n');
      return;
    }
    const target = connect(recorder.port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      target.write(head);
      target.pipe(socket);
      socket.pipe(target);
    });
    for (const end of [socket, target]) end.on('error', () => end.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

async function setUp() {
  const recorder = await startHttpRecorder();
  onTestFinished(() => recorder.close());
  return { recorder, proxy: await startProxy(recorder), app: createTestApp(APP) };
}

const arrived = (recorder: HttpRecorder) =>
  eventually(() => recorder.reports().length === 1, 'the report at the collector');

describe('a proxy', () => {
  it.each(['HTTP_PROXY', 'http_proxy'])('that %s names is used by the child', async (variable) => {
    const { recorder, proxy, app } = await setUp();
    const run = await app.run('cli.mjs', { env: { [variable]: proxy.address } });
    expect(run).toMatchObject({ code: 0, stdout: 'done\n', stderr: '' });
    await arrived(recorder);
    expect(proxy.asked.join()).toContain(HOST);
  });

  it('is used by the thread of a program that lives on', async () => {
    const { recorder, proxy, app } = await setUp();
    const { stdout } = await app.run('server.mjs', { env: { HTTP_PROXY: proxy.address } });
    expect(JSON.parse(stdout)).toEqual({ sent: 1, queued: 0, dropped: 0 });
    expect(recorder.reports()).toHaveLength(1);
  });

  it.each(['NO_PROXY', 'no_proxy'])('is passed by for what %s names', async (variable) => {
    const { proxy, app } = await setUp();
    const env = { HTTP_PROXY: proxy.address, [variable]: `localhost,.acme.test` };
    const { stdout } = await app.run('server.mjs', { env });
    expect(JSON.parse(stdout)).toEqual({ sent: 0, queued: 1, dropped: 0 });
    expect(proxy.asked).toEqual([]);
  });

  it('never sees what is for a collector on the same machine', async () => {
    const { recorder, proxy, app } = await setUp();
    const env = { HTTP_PROXY: proxy.address, HEADCOUNT_ENDPOINT: recorder.address };
    await app.run('loopback.mjs', { env });
    await arrived(recorder);
    expect(proxy.asked).toEqual([]);
  });

  it('that is no address, not there or not of HTTP keeps the report and harms nobody', async () => {
    const { app } = await setUp();
    for (const HTTP_PROXY of ['nonsense', 'http://127.0.0.1:1', 'socks5://127.0.0.1:1']) {
      const run = await app.run('server.mjs', { env: { HTTP_PROXY } });
      expect(run).toMatchObject({ code: 0, stderr: '' });
      expect(JSON.parse(run.stdout)).toMatchObject({ sent: 0 });
    }
  });

  it('that wants to know who asks keeps the report', async () => {
    const recorder = await startHttpRecorder();
    onTestFinished(() => recorder.close());
    const proxy = await startProxy(recorder, { isRefusing: true });
    const app = createTestApp(APP);
    const { stdout } = await app.run('server.mjs', { env: { HTTP_PROXY: proxy.address } });
    expect(JSON.parse(stdout)).toEqual({ sent: 0, queued: 1, dropped: 0 });
    expect(proxy.asked.length).toBeGreaterThan(0);
  });

  it('that asks to wait is left alone until then', async () => {
    let asked = 0;
    const server = createServer().on('connect', (_incoming, socket) => {
      asked += 1;
      socket.end('HTTP/1.1 503 Service Unavailable\r\nRetry-After: 3600\r\n\r\n');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const app = createTestApp({
      'server.mjs': `import { createHeadcount } from 'headcount';
        const headcount = createHeadcount(${options}); headcount.track();
        await headcount.flush({ timeoutMs: 8_000 });
        const { error, nextAttempt } = headcount.status();
        console.log(JSON.stringify([error, new Date(nextAttempt) - Date.now() > 3_000_000]));`,
    });
    const HTTP_PROXY = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const { stdout } = await app.run('server.mjs', { env: { HTTP_PROXY } });
    expect(JSON.parse(stdout)).toEqual(['the proxy answered 503', true]);
    expect(asked).toBe(1);
  });

  describe('on the way to a collector that is reached by https', () => {
    /** A collector whose name only the proxy knows, and whose certificate is the user's own. */
    async function setUpTls(isRefusing = false) {
      const folder = tempFolder('tls');
      const identity = selfSigned(folder, HOST);
      const server = await startFaultServer(undefined, () => identity);
      const app = createTestApp({
        'cli.mjs': `import { createHeadcount } from 'headcount';
          createHeadcount({ endpoint: 'https://${HOST}' }).track(); console.log('done');`,
        'server.mjs': `import { createHeadcount } from 'headcount';
          const headcount = createHeadcount({ endpoint: 'https://${HOST}' }); headcount.track();
          const result = await headcount.flush({ timeoutMs: 8_000 });
          console.log(JSON.stringify({ ...result, error: headcount.status().error }));`,
      });
      const proxy = await startProxy(server, { isRefusing });
      const env = { NODE_EXTRA_CA_CERTS: join(folder, 'cert.pem'), HTTPS_PROXY: proxy.address };
      return { server, app, proxy, env };
    }

    it('is a tunnel for the child', async () => {
      const { server, app, proxy, env } = await setUpTls();
      const run = await app.run('cli.mjs', { env });
      expect(run).toMatchObject({ code: 0, stdout: 'done\n', stderr: '' });
      await eventually(() => server.accepted().length === 1, 'the report at the collector');
      expect(proxy.asked).toEqual([`${HOST}:443`]);
    });

    it('is a tunnel for the thread of a program that lives on', async () => {
      const { server, app, env } = await setUpTls();
      const { stdout, stderr } = await app.run('server.mjs', { env });
      expect(stderr).toBe('');
      expect(JSON.parse(stdout)).toEqual({ sent: 1, queued: 0, dropped: 0 });
      expect(server.accepted()).toHaveLength(1);
    });

    it('lets nothing through unencrypted, or to somebody whose certificate is not known', async () => {
      const { server, app, proxy, env } = await setUpTls();
      const { stdout } = await app.run('server.mjs', {
        env: { ...env, NODE_EXTRA_CA_CERTS: undefined },
      });
      expect(JSON.parse(stdout)).toMatchObject({ sent: 0, queued: 1, dropped: 0 });
      expect(proxy.asked.length).toBeGreaterThan(0);
      expect(server.accepted()).toEqual([]);
    });

    it('that refuses the tunnel keeps the report, and says so', async () => {
      const { server, app, proxy, env } = await setUpTls(true);
      const run = await app.run('server.mjs', { env });
      expect(run).toMatchObject({ code: 0, stderr: '' });
      expect(JSON.parse(run.stdout)).toMatchObject({ sent: 0, queued: 1, dropped: 0 });
      expect(run.stdout).toMatch(/"error":"[^"]+"/);
      expect(proxy.asked.length).toBeGreaterThan(0);
      expect(server.accepted()).toEqual([]);
    });
  });
});
