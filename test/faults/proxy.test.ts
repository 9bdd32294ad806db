import { createServer, request } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { eventually } from '../support/eventually.js';
import { type HttpRecorder, startHttpRecorder } from '../support/http-recorder.js';
import { createTestApp } from '../support/run-app.js';

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
async function startProxy(recorder: HttpRecorder): Promise<{ address: string; asked: string[] }> {
  const asked: string[] = [];
  const server = createServer((incoming, outgoing) => {
    asked.push(incoming.url ?? '');
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
    expect(JSON.parse(stdout)).toEqual({ sent: 1, kept: 0, dropped: 0 });
    expect(recorder.reports()).toHaveLength(1);
  });

  it.each(['NO_PROXY', 'no_proxy'])('is passed by for what %s names', async (variable) => {
    const { proxy, app } = await setUp();
    const env = { HTTP_PROXY: proxy.address, [variable]: `localhost,.acme.test` };
    const { stdout } = await app.run('server.mjs', { env });
    expect(JSON.parse(stdout)).toEqual({ sent: 0, kept: 1, dropped: 0 });
    expect(proxy.asked).toEqual([]);
  });

  it('never sees what is for a collector on the same machine', async () => {
    const { recorder, proxy, app } = await setUp();
    const env = { HTTP_PROXY: proxy.address, HEADCOUNT_ENDPOINT: recorder.address };
    await app.run('loopback.mjs', { env });
    await arrived(recorder);
    expect(proxy.asked).toEqual([]);
  });

  it('that is no address, or is not there, keeps the report and harms nobody', async () => {
    const { app } = await setUp();
    for (const HTTP_PROXY of ['nonsense', 'http://127.0.0.1:1']) {
      const run = await app.run('server.mjs', { env: { HTTP_PROXY } });
      expect(run).toMatchObject({ code: 0, stderr: '' });
      expect(JSON.parse(run.stdout)).toMatchObject({ sent: 0 });
    }
  });
});
