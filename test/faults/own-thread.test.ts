import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { eventually } from '../support/eventually.js';
import { silent, startFaultServer } from '../support/fault-server.js';
import { nodeRelease } from '../support/fault-tools.js';
import { PORT_INSIDE, startNames } from '../support/name-server.js';
import { packageWith } from '../support/package-with.js';
import { createTestApp, type RunOptions } from '../support/run-app.js';
import { createAppPair, expectSameAsWithout } from '../support/same-as-without.js';

/** No right to start a thread or a process: the sender runs in the host's own thread. */
const alone = (env: Record<string, string>): RunOptions => ({
  node: nodeRelease('22'),
  nodeArgs: [
    '--permission',
    '--allow-fs-read=*',
    '--allow-fs-write=*',
    '--disable-warning=SecurityWarning',
  ],
  env: { HEADCOUNT_EXIT_UPLOAD_INTERVAL_MS: '0', ...env },
});

describe('a sender in the host’s own thread', () => {
  it.each(['http', 'https'])('does not hold the host by a silent proxy (%s)', async (protocol) => {
    let asked = 0;
    const proxy = createServer((socket) => {
      asked += 1;
      socket.on('error', () => undefined).resume();
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void proxy.close());
    const address = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    const pair = createAppPair({
      'server.mjs': `import { createHeadcount } from 'headcount';
        createHeadcount({ allowInsecure: true, flushIntervalMs: 0 }).track();
        setTimeout(() => console.log('done'), 500);`,
    });
    const env = {
      HEADCOUNT_ENDPOINT: `${protocol}://stats.acme.test`,
      [`${protocol.toUpperCase()}_PROXY`]: address,
    };
    await expectSameAsWithout(pair, 'server.mjs', alone(env), 2);
    expect(asked).toBe(2);
  });

  it('does not hold the host by a name server that never answers', async () => {
    const { wrapper, asked } = await startNames();
    const options = { allowInsecure: true, flushIntervalMs: 0 };
    const pair = createAppPair({
      'server.mjs': `import { createHeadcount } from 'headcount';
        createHeadcount(${JSON.stringify(options)}).track();
        setTimeout(() => console.log('done'), 500);`,
      'close.mjs': `import { createHeadcount } from 'headcount';
        const headcount = createHeadcount(${JSON.stringify(options)}); headcount.track();
        const started = performance.now();
        await headcount.close({ timeoutMs: 300 });
        console.log(performance.now() - started < 1_000);`,
    });
    const env = { HEADCOUNT_ENDPOINT: `http://stats.headcount.test:${PORT_INSIDE}` };
    await expectSameAsWithout(pair, 'server.mjs', { ...alone(env), wrapper });
    expect(asked()).toEqual([]);
    const { ms, ...closed } = await pair.real.run('close.mjs', { ...alone(env), wrapper });
    expect(closed).toMatchObject({ code: 0, stdout: 'true\n', stderr: '' });
    expect(asked().length).toBeGreaterThan(0);
    expect(ms).toBeLessThan(2_500); // one question alone is waited for 3 s
  });

  it('asks the name server while the app waits for it', async () => {
    const { wrapper, requests } = await startNames({ known: ['stats.headcount.test'] });
    const app = createTestApp({
      'server.mjs': `import { createHeadcount } from 'headcount';
        const headcount = createHeadcount({ allowInsecure: true }); headcount.track();
        console.log(JSON.stringify(await headcount.flush({ timeoutMs: 10_000 })));`,
    });
    const env = { HEADCOUNT_ENDPOINT: `http://stats.headcount.test:${PORT_INSIDE}` };
    const { stdout } = await app.run('server.mjs', { ...alone(env), wrapper });
    expect(JSON.parse(stdout)).toEqual({ sent: 1, queued: 0, dropped: 0 });
    expect(requests()).toBe(1);
  });

  it('leaves a name to the child, where one may be had', async () => {
    const { wrapper, asked, requests } = await startNames({ known: ['stats.headcount.test'] });
    const headcount = packageWith(
      `if (require('node:worker_threads').parentPort) throw new Error('boom');`,
    );
    const app = createTestApp(
      {
        'server.mjs': `import { createHeadcount } from 'headcount';
          const headcount = createHeadcount({ allowInsecure: true, flushIntervalMs: 0 });
          headcount.track();
          while (!headcount.status().error) await new Promise((next) => setTimeout(next, 20));
          console.log(headcount.status().error);`,
      },
      { headcount },
    );
    const env = { HEADCOUNT_ENDPOINT: `http://stats.headcount.test:${PORT_INSIDE}` };
    const run = await app.run('server.mjs', { env, wrapper });
    expect(run).toMatchObject({ code: 0, stdout: 'ENOTFOUND\n', stderr: '' });
    await eventually(() => requests() === 1, 'the report at the collector');
    expect(asked().length).toBeGreaterThan(0);
  });

  it('does not hold the host by a connection that is used a second time', async () => {
    const requests: number[] = [];
    const server = await startFaultServer((connection) => {
      const nth = requests.push(0) - 1;
      connection.on('data', (data) => {
        if (!String(data).includes('HTTP/1.1')) return; // the rest of a request
        requests[nth] = (requests[nth] ?? 0) + 1;
        if (requests[nth] > 1) return; // never a second answer
        connection.write('HTTP/1.1 202 Accepted\r\ncontent-length: 2\r\n\r\n{}');
      });
    });
    const pair = createAppPair({
      'server.mjs': `import { createHeadcount } from 'headcount';
        const headcount = createHeadcount({ flushIntervalMs: 0 }); headcount.track();
        setTimeout(() => headcount.track(), 600);
        setTimeout(() => console.log('done'), 900);`,
    });
    await expectSameAsWithout(pair, 'server.mjs', alone({ HEADCOUNT_ENDPOINT: server.address }), 2);
    expect(requests.reduce((sum, by) => sum + by)).toBe(4);
  });

  it('sends again after a rest', async () => {
    const server = await startFaultServer();
    const app = createTestApp({
      'server.mjs': `import { createHeadcount } from 'headcount';
        const headcount = createHeadcount({ flushIntervalMs: 0 }); headcount.track();
        setTimeout(async () => {
          headcount.track();
          console.log(JSON.stringify(await headcount.flush({ timeoutMs: 5_000 })));
        }, 11_500);`,
    });
    const run = await app.run('server.mjs', {
      ...alone({ HEADCOUNT_ENDPOINT: server.address }),
      killAfterMs: 40_000,
    });
    expect(run).toMatchObject({ code: 0, stderr: '' });
    await eventually(() => server.accepted().length === 2, 'both reports');
    expect(JSON.parse(run.stdout)).toEqual({ sent: 1, queued: 0, dropped: 0 });
  });

  it('gives everything back when it is closed in the middle of a request', async () => {
    const server = await startFaultServer(silent);
    const app = createTestApp({
      'server.mjs': `import { createHeadcount } from 'headcount';
        const headcount = createHeadcount({ flushIntervalMs: 0 }); headcount.track();
        setTimeout(async () => {
          await headcount.close({ timeoutMs: 100 });
          console.log(process.getActiveResourcesInfo().filter((name) => /TCP|Timeout/.test(name)).join());
        }, 500);`,
    });
    const options = alone({ HEADCOUNT_ENDPOINT: server.address });
    expect(await app.run('server.mjs', options)).toMatchObject({
      code: 0,
      stdout: '\n',
      stderr: '',
    });
    await server.heal();
    const next = createTestApp(
      { 'cli.mjs': `import { track } from 'headcount'; track();` },
      { home: app.home },
    );
    await next.run('cli.mjs', { env: options.env ?? {} });
    await eventually(() => server.accepted().length === 2, 'both reports');
  });
});
